using AkkaDurable.Benchmarks.Contenders;
using AkkaDurable.Benchmarks.Contenders.OnAkka;
using AkkaDurable.Benchmarks.Contenders.OnAkkaDurable;
using AkkaDurable.Sql;
using AkkaDurable.Storage;

namespace AkkaDurable.Benchmarks.Databases;

/// <summary>A new, empty database for one run; gone afterwards.</summary>
internal interface IBenchDatabase : IAsyncDisposable
{
    /// <summary>One word, for the names of workloads.</summary>
    string Name { get; }

    /// <summary>Kind, version and how durable a commit is, as asked of the database itself.</summary>
    string Description { get; }

    /// <summary>Opens AkkaDurable's store.</summary>
    /// <param name="tables">What the names of its tables begin with, so that several can be side by side.</param>
    /// <param name="tune">Changes its options.</param>
    IStateStore OpenStore(string tables, Action<SqlStateStoreOptions> tune);

    /// <summary>AkkaDurable and all that it is compared with on this database.</summary>
    /// <param name="counters">How many counters each makes.</param>
    /// <param name="options">The command line.</param>
    IEnumerable<Entry> Everyone(int counters, BenchOptions options) =>
        [new(DurableCounters.DefaultName, () => DurableCounters.StartAsync(counters, () => OpenStore("durable_", _ => { }))) { IsRival = false }, .. Rivals(counters, options), InMemory(counters, options)];

    /// <summary>Not a rival but a limit: what it takes to make an actor behind a shard, without any database.</summary>
    private static Entry InMemory(int counters, BenchOptions options) =>
        new(PlainCounters.DefaultName, () => PlainCounters.StartAsync(counters, options.Rival)) { Runs = static _ => false, Keeps = false };

    /// <summary>All that AkkaDurable is compared with on this database.</summary>
    /// <param name="counters">How many counters each makes.</param>
    /// <param name="options">The command line.</param>
    IEnumerable<Entry> Rivals(int counters, BenchOptions options);

    /// <summary>Does what the database does by itself within a minute or so: finds out how its tables look by now.</summary>
    Task AnalyzeAsync() => Task.CompletedTask;
}
