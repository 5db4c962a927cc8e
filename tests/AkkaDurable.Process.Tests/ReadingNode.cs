using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ChangeStats;
using ChangeStats.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AkkaDurable.Process.Tests;

/// <summary>What this project does when it is started as a program: the example's node, with a <see cref="LocalReader"/> in it.</summary>
internal static class ReadingNode
{
    /// <summary>The file whose appearance lets the nodes read.</summary>
    public static string BeginFile(string logFolder) => Path.Combine(logFolder, "begin-to-read");

    /// <summary>How to start it.</summary>
    /// <param name="logFolder">Where it notes its reads.</param>
    /// <param name="keys">How many keys it reads.</param>
    /// <param name="arguments">Those of the example's node.</param>
    public static ProcessStartInfo Command(string logFolder, int keys, string[] arguments) =>
        ThisProgram.Other(typeof(ReadingNode).Assembly, [logFolder, keys.ToString(CultureInfo.InvariantCulture), .. arguments]);

    private static async Task<int> Main(string[] args)
    {
        if (args is [DownedProgram.Verb])
        {
            return await DownedProgram.RunAsync();
        }

        if (args is [RefusingProgram.Verb, var how])
        {
            return await RefusingProgram.RunAsync(how);
        }

        using var signals = new StopSignals();
        using var log = new ReadLog(args[0]);
        var keys = int.Parse(args[1], CultureInfo.InvariantCulture);
        var commandLine = CommandLine.Create(
            signals.Stopped, services => services.AddHostedService(provider => new LocalReader(provider.GetRequiredService<IDurableServers<FileStats>>(), keys, log, BeginFile(args[0]))));
        var exitCode = await commandLine.Parse(args[2..]).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });

        // As the example's own Main does.
        return exitCode == 0 ? Environment.ExitCode : exitCode;
    }
}
