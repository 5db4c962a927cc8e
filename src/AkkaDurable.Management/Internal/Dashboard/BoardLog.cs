using Microsoft.Extensions.Logging;

namespace AkkaDurable.Management.Internal.Dashboard;

/// <summary>What the dashboard logs. The ids never change.</summary>
internal static partial class BoardLog
{
    [LoggerMessage(7005, LogLevel.Error, "The dashboard's watch over the cluster has ended; it begins anew with the next viewer.")]
    public static partial void Failed(ILogger logger, Exception exception);
}
