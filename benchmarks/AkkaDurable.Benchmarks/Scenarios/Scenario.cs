using AkkaDurable.Benchmarks.Counters;

namespace AkkaDurable.Benchmarks.Scenarios;

/// <summary>One kind of load.</summary>
/// <param name="Name">For the command line.</param>
/// <param name="Title">For people.</param>
/// <param name="Outstanding">How many calls are under way at any time.</param>
/// <param name="Hot">Whether all go to one key.</param>
/// <param name="Writes">Whether a call changes the state, or only reads it.</param>
internal sealed record Scenario(string Name, string Title, int Outstanding, bool Hot, bool Writes)
{
    public const string HotKey = "hot";

    /// <summary>The name of the one scenario that is no load on live counters.</summary>
    public const string Activation = "activation";

    /// <summary>Whether the rival uses PersistAsync.</summary>
    public bool IsPipelined { get; init; }

    public static IReadOnlyList<Scenario> Durable { get; } =
    [
        new("durable-64", "increment, many keys, 64 outstanding", 64, Hot: false, Writes: true),
        new("durable-512", "increment, many keys, 512 outstanding", 512, Hot: false, Writes: true),
        new("hot", "increment, one hot key, 64 outstanding", 64, Hot: true, Writes: true),
        new("hot-async", "increment, one hot key, 64 outstanding, rival with PersistAsync", 64, Hot: true, Writes: true) { IsPipelined = true },
        new("latency", "increment, many keys, 1 outstanding", 1, Hot: false, Writes: true),
    ];

    public static IReadOnlyList<Scenario> InMemory { get; } =
    [
        new("read-64", "read, many keys, 64 outstanding", 64, Hot: false, Writes: false),
        new("read-hot", "read, one hot key, 64 outstanding", 64, Hot: true, Writes: false),
        new("read-latency", "read, one hot key, 1 outstanding", 1, Hot: true, Writes: false),
    ];

    public ValueTask<int> Call(ICounters counters, string key) => Writes ? counters.IncrementAsync(key) : counters.GetAsync(key);
}
