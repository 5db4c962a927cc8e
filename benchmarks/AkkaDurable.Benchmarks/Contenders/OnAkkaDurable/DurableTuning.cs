using AkkaDurable.Sql;

namespace AkkaDurable.Benchmarks.Contenders.OnAkkaDurable;

/// <summary>What a run of AkkaDurable sets other than the defaults.</summary>
internal sealed class DurableTuning
{
    public static readonly DurableTuning None = new();

    public Action<DurableServersSetup> Node { get; init; } = _ => { };

    public Action<DurableServerOptions> Servers { get; init; } = _ => { };

    public Action<SqlStateStoreOptions> Store { get; init; } = _ => { };
}
