using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using Akka.Persistence.Sql;

namespace AkkaDurable.Benchmarks.Counters.HandWritten;

/// <summary>The rival: cluster sharding, <c>ReceivePersistentActor</c> and Akka.Persistence.Sql, put together by hand and tuned.</summary>
internal sealed class PersistentCounters : ICounters
{
    private readonly Config _settings;
    private ActorSystem _system = null!;
    private IActorRef _region = null!;
    private IActorRef _pipelinedRegion = null!;

    private PersistentCounters(Config settings) => _settings = settings;

    public string Name => "hand-written Akka.Persistence.Sql";

    /// <summary>The same with PersistAsync instead of Persist. Counters of its own.</summary>
    public ICounters Pipelined => new PipelinedCounters(this);

    public static async Task<PersistentCounters> StartAsync(Config settings)
    {
        var counters = new PersistentCounters(settings);
        await counters.StartNodeAsync();
        return counters;
    }

    public ValueTask<int> IncrementAsync(string key) => new(_region.Ask<int>(new AddCommand(key, 1), ClusterNode.CallTimeout));

    public ValueTask<int> GetAsync(string key) => new(_region.Ask<int>(new GetCommand(key), ClusterNode.CallTimeout));

    public async Task RestartAsync()
    {
        await DisposeAsync();
        await StartNodeAsync();
    }

    public async ValueTask DisposeAsync() => await ClusterNode.StopAsync(_system);

    private async Task StartNodeAsync()
    {
        _system = await ClusterNode.StartAsync(_settings.WithFallback(SqlPersistence.DefaultConfiguration));
        _region = await StartRegionAsync("counter", pipelined: false);
        _pipelinedRegion = await StartRegionAsync("pipelined", pipelined: true);
    }

    // Not the usual Props.Create(() => new PersistentCounter(…)), which compiles an expression for each actor.
    private Task<IActorRef> StartRegionAsync(string typeName, bool pipelined) => ClusterSharding.Get(_system).StartAsync(
        typeName, key => Props.Create<PersistentCounter>(key, pipelined), ClusterShardingSettings.Create(_system), new CounterExtractor());

    private sealed class PipelinedCounters(PersistentCounters owner) : ICounters
    {
        public string Name => "hand-written, PersistAsync";

        public ValueTask<int> IncrementAsync(string key) => new(owner._pipelinedRegion.Ask<int>(new AddCommand(key, 1), ClusterNode.CallTimeout));

        public ValueTask<int> GetAsync(string key) => new(owner._pipelinedRegion.Ask<int>(new GetCommand(key), ClusterNode.CallTimeout));

        public Task RestartAsync() => owner.RestartAsync();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
