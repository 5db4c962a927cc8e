using System.Text.Json;
using Akka.Actor;
using Akka.Cluster;
using AkkaDurable.Management.Internal.Http;
using AkkaDurable.Management.Internal.Palettes;

namespace AkkaDurable.Management.Internal.Dashboard;

/// <summary>Watches the cluster for a board, until it is cancelled: several looks, each at its own pace, so that what does not answer keeps up nothing else.</summary>
internal sealed class BoardWatch(ActorSystem system, IServiceProvider services, TimeProvider time, Board board)
{
    public ActorSystem System => system;

    public IServiceProvider Services => services;

    public TimeProvider Time => time;

    public Cluster Cluster { get; } = Cluster.Get(system);

    public DurableServers Servers { get; } = DurableServers.Get(system);

    public BoardFeed Feed { get; } = new(board, time);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var nodes = new NodesLook(this);
        var shards = new ShardsLook(this);
        using var holds = new HoldsLook(this);
        Task[] looks =
        [
            nodes.RunAsync(end.Token),
            FollowAsync(nodes, shards, end.Token),
            shards.RunAsync(end.Token),
            EveryAsync(TimeSpan.FromSeconds(1), holds.Look, end.Token),
            EveryAsync(TimeSpan.FromSeconds(2), new AgentsLook(this).LookAsync, end.Token),
            EveryAsync(TimeSpan.FromSeconds(10), new StoreLook(this).LookAsync, end.Token),
            new GroupsLook(this).RunAsync(end.Token),
            new ServersLook(this).RunAsync(end.Token),
        ];
        var first = await Task.WhenAny([.. looks, system.WhenTerminated]).ConfigureAwait(false);
        await end.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(looks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first.ConfigureAwait(false);
    }

    public void Put(string name, string? part, Action<Utf8JsonWriter> write) => board.Put(name, part, OutputJson.Write(json =>
    {
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
    }));

    public Task EveryAsync(TimeSpan period, Action look, CancellationToken cancellationToken) => EveryAsync(
        period,
        _ =>
        {
            look();
            return Task.CompletedTask;
        },
        cancellationToken);

    public async Task EveryAsync(TimeSpan period, Func<CancellationToken, Task> look, CancellationToken cancellationToken)
    {
        while (true)
        {
            await look(cancellationToken).ConfigureAwait(false);
            await Task.Delay(period, time, cancellationToken).ConfigureAwait(false);
        }
    }

    // Members that come, go or fall silent are seen at once.
    private async Task FollowAsync(NodesLook nodes, ShardsLook shards, CancellationToken cancellationToken)
    {
        var events = EventTap.ReadAsync(
            system,
            actor => Cluster.Subscribe(actor, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.ReachabilityEvent)),
            Cluster.Unsubscribe,
            cancellationToken);
        await foreach (var _ in events.ConfigureAwait(false))
        {
            nodes.Hurry();
            shards.Hurry();
        }
    }
}
