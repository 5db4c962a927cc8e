using AkkaDurable.Storage;

namespace AkkaDurable.Cluster.Tests;

/// <summary>Two clusters that know nothing of each other over one store: who answers, who waits, and who is told to go.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "IAsyncLifetime disposes of it.")]
public sealed class LeaseTests : IAsyncLifetime
{
    private static readonly TimeSpan s_timeToLive = TimeSpan.FromSeconds(2);
    private readonly GatedStore _store = new();
    private TestNode _nodeA = null!;
    private TestNode _nodeB = null!;

    public async Task InitializeAsync()
    {
        _nodeA = await TestNode.StartAsync(_store, configure: setup => setup.LeaseTimeToLive = s_timeToLive);
        _nodeB = await TestNode.StartAsync(_store, configure: setup => setup.LeaseTimeToLive = s_timeToLive);
    }

    public async Task DisposeAsync()
    {
        await _nodeA.DisposeAsync();
        await _nodeB.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task A_stale_owner_reads_nothing()
    {
        var (a, b) = await RegisterAsync();
        Assert.Equal(5, await a["k"].CallAsync(new Increment(5)));
        Assert.Equal(6, await b["k"].CallAsync(new Increment(1)));

        // A's server is still in memory and still says 5, if asked. Its node knows that it may be stale and does not take B's lease away.
        var error = await Assert.ThrowsAsync<OwnershipLostException>(async () => await a["k"].CallAsync(new GetCount(), TimeSpan.FromSeconds(1)));
        Assert.Equal(CallOutcome.NotApplied, error.Outcome);
        Assert.Equal(7, await b["k"].CallAsync(new Increment(1)));
    }

    [Fact]
    public async Task Servers_that_nobody_took_over_go_on_with_what_they_have_in_memory()
    {
        var (a, b) = await RegisterAsync(options => options.Save = SavePolicy.OnStop);
        await a["mine"].CallAsync(new Increment(5));
        await a["other"].CallAsync(new Increment(1));
        await b["other"].CallAsync(new GetCount());

        // A has lost its lease for the sake of the other server. This one was not touched, and its unsaved change is still there.
        Assert.Equal(5, await a["mine"].CallAsync(new GetCount()));
        Assert.Equal(6, await a["mine"].CallAsync(new Increment(1)));
    }

    [Fact]
    public async Task While_the_store_is_away_callers_are_told_so_and_servers_stay_in_memory()
    {
        var (a, _) = await RegisterAsync(options => options.Save = SavePolicy.OnStop);
        await a["k"].CallAsync(new Increment(5));
        _store.IsAway = true;

        // For as long as the lease lasts reads go on.
        Assert.Equal(5, await a["k"].CallAsync(new GetCount()));
        await Eventually.TrueAsync(() => IsRefusedAsync(a["k"]), "the lease has run out");
        _store.IsAway = false;

        // Not stored, so it can only come from memory.
        await Eventually.TrueAsync(async () => !await IsRefusedAsync(a["k"]), "the lease was renewed");
        Assert.Equal(5, await a["k"].CallAsync(new GetCount()));
    }

    [Fact]
    public async Task Fast_reads_go_on_while_the_store_is_away()
    {
        var (a, _) = await RegisterAsync(options => options.Reads = ReadPolicy.Fast);
        await a["k"].CallAsync(new Increment(5));
        _store.IsAway = true;
        await Eventually.TrueAsync(() => Task.FromResult(_nodeA.Servers.Node.Lease.IsStoreAway), "the lease has run out");
        Assert.Equal(5, await a["k"].CallAsync(new GetCount()));
        _store.IsAway = false;
    }

    [Fact]
    public async Task Fast_servers_move_without_waiting_and_take_no_lease_away()
    {
        var (a, b) = await RegisterAsync(options => options.Reads = ReadPolicy.Fast);
        await a["k"].CallAsync(new Increment(5));
        var term = _nodeA.Servers.Node.Lease.Term;
        Assert.Equal(6, await b["k"].CallAsync(new Increment(1)));
        Assert.Same(term, _nodeA.Servers.Node.Lease.Term);
        Assert.False(term.IsLost);
    }

    [Fact]
    public async Task A_stopped_server_is_held_by_nobody()
    {
        var (a, b) = await RegisterAsync();
        await a["k"].CallAsync(new Increment(5));
        var term = _nodeA.Servers.Node.Lease.Term;
        Assert.True(await a["k"].StopAsync());
        Assert.Equal(6, await b["k"].CallAsync(new Increment(1)));
        Assert.False(term.IsLost);
    }

    [Fact]
    public async Task A_node_that_leaves_in_order_is_waited_for_by_nobody()
    {
        var (a, b) = await RegisterAsync();
        await a["k"].CallAsync(new Increment(5));
        var lease = _nodeA.Servers.Node.Lease.Term.Id;
        await _nodeA.LeaveAsync();
        Assert.DoesNotContain(await _store.ListLeasesAsync(), found => found.Id == lease);
        Assert.Equal(6, await b["k"].CallAsync(new Increment(1)));
    }

    [Fact]
    public async Task A_call_to_a_server_that_another_cluster_holds_waits_for_its_turn()
    {
        var (a, b) = await RegisterAsync();
        await a["k"].CallAsync(new Increment(5));
        Assert.Equal(6, await b["k"].CallAsync(new Increment(1)));
        var read = a["k"].CallAsync(new GetCount(), TimeSpan.FromSeconds(30)).AsTask();
        await b["k"].StopAsync();

        // Given up in order: A is the owner again, though it may take nothing from B.
        Assert.Equal(6, await read);
    }

    private static async Task<bool> IsRefusedAsync(ServerRef server)
    {
        try
        {
            Assert.Equal(5, await server.CallAsync(new GetCount(), TimeSpan.FromSeconds(10)));
            return false;
        }
        catch (StoreUnavailableException)
        {
            return true;
        }
    }

    private async Task<(IDurableServers<Tally> A, IDurableServers<Tally> B)> RegisterAsync(Action<DurableServerOptions>? configure = null)
    {
        var options = () =>
        {
            var made = new DurableServerOptions { ShardCount = 5, CallTimeout = TimeSpan.FromSeconds(20) };
            configure?.Invoke(made);
            return made;
        };
        return (await _nodeA.Servers.RegisterAsync<Tally>("tally", options()), await _nodeB.Servers.RegisterAsync<Tally>("tally", options()));
    }

    /// <summary>A store that can be out of reach.</summary>
    private sealed class GatedStore() : DelegatingStateStore(new InMemoryStateStore())
    {
        private volatile bool _isAway;

        public bool IsAway
        {
            get => _isAway;
            set => _isAway = value;
        }

        public override ValueTask<bool> RenewLeaseAsync(long id, CancellationToken cancellationToken = default) =>
            IsAway ? ValueTask.FromException<bool>(new StoreUnavailableException("The test has taken the store away.")) : base.RenewLeaseAsync(id, cancellationToken);

        public override ValueTask<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken = default) =>
            IsAway ? ValueTask.FromException<ClaimResult>(new StoreUnavailableException("The test has taken the store away.")) : base.ClaimAsync(request, cancellationToken);
    }
}
