using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using AkkaDurable.Storage;
using AkkaDurable.TestSupport.Network;

namespace AkkaDurable.Cluster.Tests;

/// <summary>A shard region that still takes a lost node for a shard's home finds out soon, not when Akka's watch of strangers does (15 s).</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "IAsyncLifetime disposes of it.")]
public sealed class LateWatchTests : IAsyncLifetime
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(8);

    private readonly InMemoryStateStore _store = new();
    private readonly RegionNetwork _network = new();
    private TestNode _first = null!;
    private TestNode _second = null!;

    public async Task InitializeAsync()
    {
        _first = await TestNode.StartAsync(_store, hocon: Place("a"));
        _second = await TestNode.StartAsync(_store, _first, hocon: Place("b"));
        await _first.Servers.RegisterAsync<Tally>("tally");
    }

    public async Task DisposeAsync()
    {
        await _first.DisposeAsync();

        // Alone, it would wait for the others to see it leave.
        var cluster = global::Akka.Cluster.Cluster.Get(_second.System);
        cluster.Down(cluster.SelfAddress);
        await _second.System.WhenTerminated;
        await _network.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task An_actor_that_is_watched_only_after_its_node_was_lost_is_known_to_be_gone()
    {
        var cluster = global::Akka.Cluster.Cluster.Get(_first.System);
        var address = _second.Address;
        await Eventually.TrueAsync(() => Task.FromResult(cluster.State.Members.Count == 2), "both are members");
        _network.CutOff("b");
        await Eventually.TrueAsync(() => Task.FromResult(cluster.State.Unreachable.Count == 1), "the second node is out of reach");
        cluster.Down(address);
        await Eventually.TrueAsync(() => Task.FromResult(cluster.State.Members.Count == 1), "the lost node is no member any more");

        var lost = ((ExtendedActorSystem)_first.System).Provider.ResolveActorRef(new RootActorPath(address) / "system" / "sharding" / "tally");
        var gone = new TaskCompletionSource();
        _first.System.ActorOf(Props.Create(() => new Watcher(lost, gone)));

        await gone.Task.WaitAsync(s_soon);
    }

    private string Place(string region)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        return $"akka.remote.dot-netty.tcp {{ port = {port}, public-hostname = 127.0.0.1, public-port = {_network.Add(region, port)} }}";
    }

    private sealed class Watcher : UntypedActor
    {
        private readonly TaskCompletionSource _gone;

        public Watcher(IActorRef watched, TaskCompletionSource gone)
        {
            _gone = gone;
            Context.Watch(watched);
        }

        protected override void OnReceive(object message)
        {
            if (message is Terminated)
            {
                _gone.SetResult();
            }
        }
    }
}
