using Proto;
using Proto.Cluster;
using Proto.Cluster.PartitionActivator;
using Proto.Remote;
using Proto.Remote.GrpcNet;

namespace AkkaDurable.Benchmarks.Contenders.OnProtoActor;

/// <summary>Proto.Actor: virtual actors in a cluster of one member, found by the partition activator, the lightest of its ways to look up an identity.</summary>
internal sealed class ProtoCounters : IContender
{
    public const string DefaultName = "Proto.Actor";

    private const string Kind = "counter";
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);

    private readonly ClusterIdentity[] _identities;
    private readonly ProtoStorage? _storage;
    private ActorSystem _system = null!;

    private ProtoCounters(int count, ProtoStorage? storage)
    {
        // An identity remembers the actor it led to, so it is made once.
        _identities = [.. CounterKeys.First(count).Select(key => ClusterIdentity.Create(key, Kind))];
        _storage = storage;
    }

    public string Name => DefaultName;

    /// <param name="count">How many counters.</param>
    /// <param name="storage">Where they are stored; null for nowhere.</param>
    public static async Task<IContender> StartAsync(int count, ProtoStorage? storage)
    {
        var counters = new ProtoCounters(count, storage);
        await counters.StartMemberAsync();
        return counters;
    }

    public ValueTask<int> IncrementAsync(int counter) => RequestAsync(counter, new Add(1));

    public ValueTask<int> GetAsync(int counter) => RequestAsync(counter, Read.Instance);

    public async Task RestartAsync()
    {
        await _system.Cluster().ShutdownAsync();
        foreach (var identity in _identities)
        {
            identity.CachedPid = null;
        }

        await StartMemberAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _system.Cluster().ShutdownAsync();
        if (_storage is not null)
        {
            await _storage.DisposeAsync();
        }
    }

    private async ValueTask<int> RequestAsync(int counter, object message) =>
        (await _system.Cluster().RequestAsync<Count>(_identities[counter], message, CancellationTokens.FromSeconds(RequestTimeout)).ConfigureAwait(false)).Value;

    private async Task StartMemberAsync()
    {
        var kind = Props.FromProducer(() => new CounterActor(_storage));
        _system = new ActorSystem()
            .WithRemote(RemoteConfig.BindToLocalhost())
            .WithCluster(ClusterConfig.Setup("benchmark", new SingleMember(), new PartitionActivatorLookup()).WithClusterKind(Kind, kind).WithActorRequestTimeout(RequestTimeout));
        await _system.Cluster().StartMemberAsync();
    }
}
