using Akka.Configuration;

namespace AkkaDurable.Benchmarks.Contenders.OnAkka;

internal static class AkkaEntries
{
    public static IEnumerable<Entry> Persistent(int counters, Func<Config> settings) =>
    [
        new(PersistentCounters.DefaultName, () => PersistentCounters.StartAsync(counters, settings(), pipelined: false)) { ReadsBack = false },

        // Where entities share nothing, PersistAsync changes little; with one hot key it is the rival's best, with rules of its own.
        new(PersistentCounters.PipelinedName, () => PersistentCounters.StartAsync(counters, settings(), pipelined: true))
        {
            Runs = load => load is { Counters: 1, Outstanding: > 1 },
            Activates = false,
            ReadsBack = false,
        },
    ];
}
