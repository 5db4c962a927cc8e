using AkkaDurable.Benchmarks.Contenders.OnAkka;
using AkkaDurable.Benchmarks.Contenders.OnAkkaDurable;
using AkkaDurable.Benchmarks.Contenders.OnOrleans;

namespace AkkaDurable.Benchmarks.Processes;

/// <summary>What a second process of this program can be. It gets its arguments as one line of input, answers with one line of output, and stays until its input ends.</summary>
internal static class ChildRoles
{
    /// <summary>The first argument on the command line.</summary>
    public const string Verb = "child";

    public const string HostDurable = "host-durable";
    public const string HostAkka = "host-akka";
    public const string HostOrleans = "host-orleans";
    public const string HostOrleansSilo = "host-orleans-silo";
    public const string Idle = "idle";

    public static async Task RunAsync(string role)
    {
        var arguments = (Console.ReadLine() ?? "").Split('\t');

        // What is logged is not the answer, and nobody reads on once that has come: a log would fill the pipe and stop the process.
        var answer = Console.Out;
        Console.SetOut(Console.Error);
        await answer.WriteLineAsync(role switch
        {
            HostDurable => await RemoteDurable.HostAsync(),
            HostAkka => await RemoteAkka.HostAsync(),
            HostOrleans => await RemoteOrleans.HostAsync(),
            HostOrleansSilo => await RemoteOrleansSilo.HostAsync(arguments[0]),
            Idle => await IdleServers.MeasureAsync(arguments),
            _ => throw new ArgumentException($"Nobody knows the role '{role}'."),
        });

        // The whole of what was started ends with the process.
        while (Console.ReadLine() is not null)
        {
        }
    }
}
