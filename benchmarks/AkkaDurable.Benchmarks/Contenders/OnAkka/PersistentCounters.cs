using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using Akka.Persistence.Sql;

namespace AkkaDurable.Benchmarks.Contenders.OnAkka;

/// <summary>Cluster sharding, <c>ReceivePersistentActor</c> and Akka.Persistence.Sql, put together by hand and tuned.</summary>
internal sealed class PersistentCounters : IContender
{
    public const string DefaultName = "Akka.Persistence";
    public const string PipelinedName = "Akka.PersistAsync";

    private readonly string[] _keys;
    private readonly Config _settings;
    private readonly bool _pipelined;
    private ActorSystem _system = null!;
    private IActorRef _region = null!;

    private PersistentCounters(int count, Config settings, bool pipelined)
    {
        _keys = CounterKeys.First(count);
        _settings = settings;
        _pipelined = pipelined;
    }

    public string Name => _pipelined ? PipelinedName : DefaultName;

    /// <param name="count">How many counters.</param>
    /// <param name="settings">The journal's settings.</param>
    /// <param name="pipelined">Whether with PersistAsync instead of Persist; see <see cref="PersistentCounter"/>.</param>
    public static async Task<IContender> StartAsync(int count, Config settings, bool pipelined)
    {
        var counters = new PersistentCounters(count, settings, pipelined);
        await counters.StartNodeAsync();
        return counters;
    }

    public ValueTask<int> IncrementAsync(int counter) => new(_region.Ask<int>(new AddCommand(_keys[counter], 1), ClusterNode.CallTimeout));

    public ValueTask<int> GetAsync(int counter) => new(_region.Ask<int>(new GetCommand(_keys[counter]), ClusterNode.CallTimeout));

    public async Task RestartAsync()
    {
        await DisposeAsync();
        await StartNodeAsync();
    }

    public async ValueTask DisposeAsync() => await ClusterNode.StopAsync(_system);

    // Not the usual Props.Create(() => new PersistentCounter(…)), which compiles an expression for each actor.
    private async Task StartNodeAsync()
    {
        _system = await ClusterNode.StartAsync(_settings.WithFallback(SqlPersistence.DefaultConfiguration));
        _region = await ClusterSharding.Get(_system).StartAsync(
            "counter", key => Props.Create<PersistentCounter>(key, _pipelined), ClusterShardingSettings.Create(_system), new CounterExtractor());
    }
}
