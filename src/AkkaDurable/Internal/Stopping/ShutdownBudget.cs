using Akka.Configuration;

namespace AkkaDurable.Internal.Stopping;

/// <summary>How the time for a node's shutdown is shared out among Akka's phases.</summary>
internal static class ShutdownBudget
{
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan Min = TimeSpan.FromSeconds(3);
    public static readonly TimeSpan Max = TimeSpan.FromHours(1);

    public const string Rule = "it must be 3 seconds to 1 hour";

    public static bool IsAllowed(TimeSpan budget) => budget >= Min && budget <= Max;

    /// <summary>For the servers to end and their shards to be handed over: all but what the node's own leave takes.</summary>
    public static TimeSpan ForServers(TimeSpan budget) => budget - (3 * ForStep(budget));

    public static Config Phases(TimeSpan budget)
    {
        var (servers, step) = (Milliseconds(ForServers(budget)), Milliseconds(ForStep(budget)));
        return ConfigurationFactory.ParseString($$"""
            akka.coordinated-shutdown.phases {
              cluster-sharding-shutdown-region.timeout = {{servers}}
              cluster-leave.timeout = {{step}}
              cluster-exiting.timeout = {{step}}
              actor-system-terminate.timeout = {{step}}
            }
            """);
    }

    // Leaving, exiting and ending take a second or so each where nothing is wrong; so of a small budget they get more.
    private static TimeSpan ForStep(TimeSpan budget) => TimeSpan.FromSeconds(Math.Max(budget.TotalSeconds / 9, Math.Min(2, budget.TotalSeconds / 6)));

    private static string Milliseconds(TimeSpan time) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Math.Floor(time.TotalMilliseconds):0}ms");
}
