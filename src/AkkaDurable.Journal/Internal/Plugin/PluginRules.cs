using Akka.Configuration;

namespace AkkaDurable.Journal.Internal.Plugin;

/// <summary>The settings of a journal plugin that decide whether acknowledged events are read back, and whether one conflict takes a node down.</summary>
internal static class PluginRules
{
    private const int MinFailures = 1_000;
    private const int MaxBatch = 100;
    private static readonly TimeSpan MaxReset = TimeSpan.FromSeconds(5);

    /// <summary>What we set.</summary>
    public static Config Ours { get; } = ConfigurationFactory.ParseString("""
        replay-filter.mode = off
        circuit-breaker { max-failures = 1000000, reset-timeout = 1s }
        """);

    public static void Check(string path, Config config)
    {
        var filter = config.GetString("replay-filter.mode", "");
        Require(
            filter == "off",
            path + ".replay-filter.mode",
            filter,
            "it must be off: Akka.Persistence.Sql gives all events of a process one writer id, so the filter drops acknowledged events of a server that went from one node to another and back");

        var failures = config.GetInt("circuit-breaker.max-failures", 0);
        Require(failures >= MinFailures, path + ".circuit-breaker.max-failures", $"{failures}", $"it must be {MinFailures} or more: a conflict between two owners is a failure to the journal, and must not keep all others from writing");

        var reset = config.GetTimeSpan("circuit-breaker.reset-timeout", TimeSpan.Zero);
        Require(reset > TimeSpan.Zero && reset <= MaxReset, path + ".circuit-breaker.reset-timeout", $"{reset}", $"it must be within {MaxReset.TotalSeconds} s: nothing can be read or written until it has passed");

        var batch = config.GetInt("batch-size", 1);
        Require(batch is >= 1 and <= MaxBatch, path + ".batch-size", $"{batch}", $"it must be from 1 to {MaxBatch}: one conflict fails the whole batch, which is then written again");
    }

    private static void Require(bool holds, string option, string? value, string rule)
    {
        if (!holds)
        {
            throw new DurableConfigurationException(option, value, rule);
        }
    }
}
