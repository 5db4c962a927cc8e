using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace ChangeStats.Cluster;

/// <summary>How to start this program once more.</summary>
internal static class ThisProgram
{
    public static ProcessStartInfo With(params string[] arguments) => Other(typeof(ThisProgram).Assembly, arguments);

    /// <summary>How to start another program by the same dotnet.</summary>
    public static ProcessStartInfo Other(Assembly program, params string[] arguments) =>
        new(DotNet(), [program.Location, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

    // The dotnet that runs it now is two folders above its runtime. The path of the process will not do: tests are run by a host of their own.
    private static string DotNet() =>
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
}
