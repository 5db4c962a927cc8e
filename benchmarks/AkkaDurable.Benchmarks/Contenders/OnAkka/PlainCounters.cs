using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Configuration;

namespace AkkaDurable.Benchmarks.Contenders.OnAkka;

/// <summary>Without a database: cluster sharding, plain actors in memory only, and Ask.</summary>
internal sealed class PlainCounters : IContender
{
    public const string DefaultName = "Akka";

    private readonly string[] _keys;
    private readonly Config _settings;
    private ActorSystem _system = null!;
    private IActorRef _region = null!;

    private PlainCounters(int count, Config settings)
    {
        _keys = CounterKeys.First(count);
        _settings = settings;
    }

    public string Name => DefaultName;

    public static async Task<IContender> StartAsync(int count, Config settings)
    {
        var counters = new PlainCounters(count, settings);
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

    private async Task StartNodeAsync()
    {
        _system = await ClusterNode.StartAsync(_settings);
        _region = await ClusterSharding.Get(_system).StartAsync("counter", _ => Props.Create<PlainCounter>(), ClusterShardingSettings.Create(_system), new CounterExtractor());
    }
}
