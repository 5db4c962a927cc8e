using Akka.Actor;
using AkkaDurable.Storage;

namespace AkkaDurable.Cluster.Tests;

/// <summary>A shard region that still takes a lost node for a shard's home finds out soon, not when Akka's watch of strangers does (15 s).</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "IAsyncLifetime disposes of it.")]
public sealed class LateWatchTests : IAsyncLifetime
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(8);

    private readonly InMemoryStateStore _store = new();
    private TestNode _first = null!;
    private TestNode _second = null!;

    public async Task InitializeAsync()
    {
        _first = await TestNode.StartAsync(_store);
        _second = await TestNode.StartAsync(_store, _first);
        await _first.Servers.RegisterAsync<Tally>("tally");
    }

    public async Task DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task An_actor_that_is_watched_only_after_its_node_was_lost_is_known_to_be_gone()
    {
        var cluster = global::Akka.Cluster.Cluster.Get(_first.System);
        var address = _second.Address;
        await Eventually.TrueAsync(() => Task.FromResult(cluster.State.Members.Count == 2), "both are members");
        await _second.System.Terminate();
        cluster.Down(address);
        await Eventually.TrueAsync(() => Task.FromResult(cluster.State.Members.Count == 1), "the lost node is no member any more");

        var lost = ((ExtendedActorSystem)_first.System).Provider.ResolveActorRef(new RootActorPath(address) / "system" / "sharding" / "tally");
        var gone = new TaskCompletionSource();
        _first.System.ActorOf(Props.Create(() => new Watcher(lost, gone)));

        await gone.Task.WaitAsync(s_soon);
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
