using Akka.Cluster.Sharding;

namespace AkkaDurable.Benchmarks.Contenders.OnAkka;

internal abstract record CounterCommand(string Key);

internal sealed record AddCommand(string Key, int By) : CounterCommand(Key);

internal sealed record GetCommand(string Key) : CounterCommand(Key);

/// <summary>The one event.</summary>
internal sealed record Added(int By);

internal sealed class CounterExtractor() : HashCodeMessageExtractor(ClusterNode.ShardCount)
{
    public override string? EntityId(object message) => (message as CounterCommand)?.Key;
}
