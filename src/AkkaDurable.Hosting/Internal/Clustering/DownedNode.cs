using Akka.Actor;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AkkaDurable.Hosting.Internal.Clustering;

/// <summary>
/// Sees to it that the process of a node that the cluster has put out ends, and not with exit code 0. Akka.Hosting stops the application then and sets <see cref="Environment.ExitCode"/>; but a <c>Main</c> that returns a number
/// overrides that, and a hosted service that does not stop keeps the process.
/// </summary>
/// <remarks>The node cannot rejoin in its process: Akka.Hosting makes one actor system for each host, and <c>ActorRegistry</c> and <c>IRequiredActor</c> are bound to it for good.</remarks>
internal static partial class DownedNode
{
    /// <summary>What Akka.Hosting takes; the system shows it as 255.</summary>
    public const int ExitCode = -1;

    // A host gives its services 30 s to stop unless it is told otherwise.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Waits for the actor system to end; to be called when it has just been made.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="services">The application's services.</param>
    /// <param name="time">What the wait for the host's end goes by.</param>
    /// <param name="log">Where to say it.</param>
    public static async Task WatchAsync(ActorSystem system, IServiceProvider services, TimeProvider time, ILogger log)
    {
        // Got early: once the actor system has ended there is no getting them.
        var shutdown = CoordinatedShutdown.Get(system);
        var lifetime = services.GetService<IHostApplicationLifetime>();
        await system.WhenTerminated.ConfigureAwait(false);
        if (shutdown.ShutdownReason is not CoordinatedShutdown.ClusterDowningReason)
        {
            return;
        }

        LogDowned(log, ExitCode);

        // Only what is set this late counts when Main returns a number.
        AppDomain.CurrentDomain.ProcessExit += static (_, _) => Environment.ExitCode = ExitCode;
        Environment.ExitCode = ExitCode;
        if (lifetime is null)
        {
            return;
        }

        lifetime.StopApplication();
        try
        {
            await Task.Delay(Patience, time, lifetime.ApplicationStopped).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The host has stopped; what comes then is up to Main.
            return;
        }

        LogHanging(log, Patience, ExitCode);
        Environment.Exit(ExitCode);
    }

    [LoggerMessage(1, LogLevel.Critical, "The cluster has put out this node, because it took it for lost or on the losing side of a split. The application ends with exit code {ExitCode}, so that whoever runs it starts it again.")]
    private static partial void LogDowned(ILogger logger, int exitCode);

    [LoggerMessage(2, LogLevel.Critical, "The application did not stop within {Patience} after the cluster had put out this node. The process ends now, with exit code {ExitCode}.")]
    private static partial void LogHanging(ILogger logger, TimeSpan patience, int exitCode);
}
