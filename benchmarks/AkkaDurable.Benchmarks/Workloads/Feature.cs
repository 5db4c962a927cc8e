using AkkaDurable.Benchmarks.Contenders.OnAkkaDurable;

namespace AkkaDurable.Benchmarks.Workloads;

/// <summary>Something of AkkaDurable's that can be turned off, so that its cost can be measured.</summary>
/// <param name="Name">One word.</param>
/// <param name="Without">How it is turned off; with it are the defaults.</param>
internal sealed record Feature(string Name, DurableTuning Without)
{
    /// <summary>A new one is a line here.</summary>
    public static IReadOnlyList<Feature> All { get; } =
    [
        new("lease", new DurableTuning { Servers = options => options.Reads = ReadPolicy.Fast }),
        new("call-ids", new DurableTuning { Servers = options => options.RememberedCalls = 0 }),
        new("save-each-change", new DurableTuning { Servers = options => options.Save = SavePolicy.Every(TimeSpan.FromSeconds(1)) }),
        new("state-checks", new DurableTuning { Servers = options => options.StateChecks = 0 }),
        new("more-writers", new DurableTuning { Store = options => options.Writers = 1 }),
    ];
}
