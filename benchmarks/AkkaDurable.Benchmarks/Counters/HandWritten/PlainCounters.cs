using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Configuration;

namespace AkkaDurable.Benchmarks.Counters.HandWritten;

/// <summary>The rival without a database: cluster sharding, plain actors in memory only, and Ask.</summary>
internal sealed class PlainCounters : ICounters
{
    private readonly Config _settings;
    private ActorSystem _system = null!;
    private IActorRef _region = null!;

    private PlainCounters(Config settings) => _settings = settings;

    public string Name => "hand-written, plain actor, Ask";

    public static async Task<PlainCounters> StartAsync(Config settings)
    {
        var counters = new PlainCounters(settings);
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
        _system = await ClusterNode.StartAsync(_settings);
        _region = await ClusterSharding.Get(_system).StartAsync("counter", _ => Props.Create<PlainCounter>(), ClusterShardingSettings.Create(_system), new CounterExtractor());
    }

    private sealed class PlainCounter : ReceiveActor
    {
        private int _count;

        public PlainCounter()
        {
            Receive<AddCommand>(add => Sender.Tell(_count += add.By, Self));
            Receive<GetCommand>(_ => Sender.Tell(_count, Self));
        }
    }
}
