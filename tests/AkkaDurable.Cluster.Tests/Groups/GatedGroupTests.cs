using AkkaDurable.Storage;

namespace AkkaDurable.Cluster.Tests.Groups;

/// <summary>What a server tells groups and watchers leaves when its state is stored, and never if it is not.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "IAsyncLifetime disposes of it.")]
public sealed class GatedGroupTests : IAsyncLifetime
{
    private readonly InMemoryStateStore _memory = new();
    private readonly HeldStore _store;
    private TestNode? _node;
    private IDurableServers<Chatter>? _chatters;

    public GatedGroupTests() => _store = new HeldStore(_memory) { Key = "gated" };

    private IDurableGroups Groups => _node!.Servers.Groups;

    private ServerRef Server => _chatters!["gated"];

    public async Task InitializeAsync()
    {
        _node = await TestNode.StartAsync(_store);
        _chatters = await _node.Servers.RegisterAsync<Chatter>("chatter", new DurableServerOptions { ShardCount = 5, CallTimeout = TimeSpan.FromSeconds(20) });
    }

    public async Task DisposeAsync()
    {
        await _node!.DisposeAsync();
        await _memory.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_of_a_handler_is_seen_before_its_state_is_stored_and_never_if_it_is_not(bool isStored)
    {
        var (actor, heard) = Listener.On(_node!);
        await Groups.JoinAsync("gate", actor);
        await using var members = new Picture(_node!, LifecycleFilter.Group("gate"));
        await using var servers = new Picture(_node!, LifecycleFilter.Server("chatter", "gated"));
        await Server.CallAsync(new SetMood("calm"));
        await members.BegunAsync();
        await servers.UntilAsync(now => now.Now.Values.Any(told => told.Meta.GetValueOrDefault("mood") == "calm"), "the server is told");

        var hold = _store.Hold();
        Task[] calls = [Call(new Shout("gate", "first")), Call(new Enter("gate", "in")), Call(new SetMood("wild"))];
        await Eventually.TrueAsync(() => Task.FromResult(_store.Held > 0), "a save waits");

        // Whatever had left would be ahead of this.
        Groups.Dispatch("gate", new Said("between"));
        await Eventually.TrueAsync(() => Task.FromResult(!heard.IsEmpty), "it has heard of it");
        Assert.Equal("between", Assert.Single(heard.Cast<Said>()).Text);
        Assert.Equal(1, await Groups.CountAsync("gate"));
        Assert.Equal("calm", Assert.Single(servers.Now.Values).Meta["mood"]);

        hold.SetResult(isStored);
        await Task.WhenAll(calls);
        await Server.CallAsync(new Shout("gate", "last"));
        await Eventually.TrueAsync(() => Task.FromResult(heard.Cast<Said>().Last().Text == "last"), "the last is heard");
        Assert.Equal(isStored ? ["between", "first", "last"] : ["between", "last"], heard.Cast<Said>().Select(said => said.Text));
        Assert.Equal(isStored ? 2 : 1, await Groups.CountAsync("gate"));
        await servers.UntilAsync(now => now.Now.Values.Any(told => told.Meta.GetValueOrDefault("mood") == (isStored ? "wild" : "new")), "the server is told anew");
        Assert.Equal(!isStored, servers.Events.Any(told => told.Reason == LifecycleReason.Error));
        Assert.Equal(isStored, servers.Events.Any(told => told.Meta.GetValueOrDefault("mood") == "wild"));

        async Task Call(ICall<int> request)
        {
            try
            {
                await Server.CallAsync(request);
            }
            catch (DurableServerException) when (!isStored)
            {
                // Its state was lost.
            }
        }
    }
}
