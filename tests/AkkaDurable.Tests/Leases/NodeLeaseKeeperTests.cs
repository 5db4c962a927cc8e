using AkkaDurable.Internal.Leases;
using AkkaDurable.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AkkaDurable.Tests.Leases;

[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "IAsyncLifetime disposes of it.")]
public sealed class NodeLeaseKeeperTests : IAsyncLifetime
{
    private static readonly TimeSpan s_timeToLive = TimeSpan.FromSeconds(5);
    private readonly FakeTimeProvider _time = new();
    private readonly FragileStore _store = new();
    private readonly List<NodeLeaseKeeper> _keepers = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _store.IsAway = false;
        foreach (var keeper in _keepers)
        {
            await keeper.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_node_keeps_its_lease_fresh()
    {
        var keeper = await StartAsync("a");
        var term = keeper.Term;
        await PassAsync(TimeSpan.FromMinutes(1));
        Assert.Same(term, keeper.Term);
        Assert.True(term.IsFresh);
    }

    [Fact]
    public async Task A_process_that_was_paused_finds_its_lease_stale()
    {
        var keeper = await StartAsync("a");

        // Nothing of the process runs meanwhile, so no renewal either.
        _store.IsHeld = true;
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.False(keeper.Term.IsFresh);
        _store.IsHeld = false;
        await UntilAsync(() => keeper.Term.IsFresh);
        Assert.False(keeper.Term.IsLost);
    }

    [Fact]
    public async Task A_lease_that_was_deleted_meanwhile_is_lost_for_ever()
    {
        var keeper = await StartAsync("a");
        var term = keeper.Term;
        await _store.DeleteLeaseAsync(term.Id);
        await PassAsync(TimeSpan.FromSeconds(2));
        await UntilAsync(() => keeper.Term != term);
        Assert.True(term.IsLost);
        Assert.False(term.IsFresh);
        Assert.True(keeper.Term.IsFresh);
        Assert.NotEqual(term.Id, keeper.Term.Id);
    }

    [Fact]
    public async Task The_lease_of_a_dead_node_is_gone_once_it_was_silent_for_its_time()
    {
        var keeper = await StartAsync("a");
        await _store.CreateLeaseAsync(7, "dead", s_timeToLive);
        await PassAsync(TimeSpan.FromSeconds(7));

        // It was seen to be silent all the while: nothing to wait for.
        Assert.True(await keeper.UntilGoneAsync(7).WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.DoesNotContain(await _store.ListLeasesAsync(), lease => lease.Id == 7);
    }

    [Fact]
    public async Task The_lease_of_a_node_that_lives_is_taken_away_and_the_node_says_so_when_it_notices()
    {
        var owner = await StartAsync("a");
        var next = await StartAsync("b");
        var term = owner.Term;
        var gone = next.UntilGoneAsync(term.Id);
        await PassUntilAsync(gone, TimeSpan.FromSeconds(4));
        Assert.True(await gone);
        Assert.True(term.IsLost);
        await UntilAsync(() => owner.Term.IsFresh);
        Assert.NotEqual(term.Id, owner.Term.Id);
    }

    [Fact]
    public async Task A_node_that_lost_its_lease_takes_none_from_others_for_a_while()
    {
        var first = await StartAsync("a");
        var second = await StartAsync("b");
        var lost = first.Term;
        await PassUntilAsync(second.UntilGoneAsync(lost.Id), TimeSpan.FromSeconds(4));
        await UntilAsync(() => first.Term.IsFresh);
        var held = second.Term;
        Assert.False(await first.UntilGoneAsync(held.Id).WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.True(held.IsFresh);

        await PassAsync(TimeSpan.FromSeconds(31));
        var gone = first.UntilGoneAsync(second.Term.Id);
        await PassUntilAsync(gone, TimeSpan.FromSeconds(4));
        Assert.True(await gone);
    }

    [Fact]
    public async Task While_the_store_is_away_the_lease_runs_out_and_comes_back_with_it()
    {
        var keeper = await StartAsync("a");
        var term = keeper.Term;
        _store.IsAway = true;
        await PassAsync(TimeSpan.FromSeconds(4));
        Assert.True(term.IsFresh);
        Assert.False(keeper.IsStoreAway);
        await PassAsync(TimeSpan.FromSeconds(3));
        Assert.False(term.IsFresh);
        await UntilAsync(() => keeper.IsStoreAway);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await keeper.FreshAsync());

        _store.IsAway = false;
        await PassAsync(TimeSpan.FromSeconds(1));
        await UntilAsync(() => keeper.Term.IsFresh);
        Assert.Same(term, await keeper.FreshAsync());
        Assert.False(term.IsLost);
    }

    [Fact]
    public async Task A_renewal_that_hung_for_ever_was_the_last_one()
    {
        var keeper = await StartAsync("a");
        var term = keeper.Term;
        _store.Hangs = true;
        await PassAsync(TimeSpan.FromSeconds(7));
        Assert.False(term.IsFresh);
        await UntilAsync(() => keeper.IsStoreAway);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await keeper.FreshAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)));

        // The next ones are answered; those before never will be.
        _store.Hangs = false;
        await PassUntilAsync(Task.Run(() => UntilAsync(() => term.IsFresh)), TimeSpan.FromSeconds(60));
        Assert.Same(term, keeper.Term);
    }

    [Fact]
    public async Task A_claim_waited_for_ever_for_a_lease_when_the_store_hung()
    {
        var keeper = await StartAsync("a");
        await _store.CreateLeaseAsync(7, "other", s_timeToLive);
        _store.Hangs = true;
        var gone = keeper.UntilGoneAsync(7);
        await PassAsync(TimeSpan.FromSeconds(4));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => gone.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_keeper_could_not_be_closed_while_the_store_hung()
    {
        var keeper = await StartAsync("a");
        _store.Hangs = true;
        await PassAsync(TimeSpan.FromSeconds(2));
        await keeper.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(keeper.Term.IsFresh);
    }

    [Fact]
    public async Task A_closed_keeper_leaves_no_lease_behind()
    {
        var keeper = await StartAsync("a");
        await keeper.DisposeAsync();
        Assert.False(keeper.Term.IsFresh);
        Assert.Empty(await _store.ListLeasesAsync());
    }

    [Fact]
    public async Task Leases_of_nodes_long_dead_are_cleared_away()
    {
        await StartAsync("a");
        await _store.CreateLeaseAsync(7, "dead", s_timeToLive);
        await PassAsync(TimeSpan.FromMinutes(2));
        await UntilAsync(async () => (await _store.ListLeasesAsync()).All(lease => lease.Id != 7));
    }

    private async Task<NodeLeaseKeeper> StartAsync(string node)
    {
        var keeper = new NodeLeaseKeeper(_store, _time, NullLogger.Instance, node, s_timeToLive);
        await keeper.StartAsync(CancellationToken.None);
        _keepers.Add(keeper);
        return keeper;
    }

    // Time passes in small steps, and all keepers do what is due at each: at once, since the store answers at once and nothing stands between the clock and what waits for it.
    private Task PassAsync(TimeSpan time)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(250))
        {
            _time.Advance(TimeSpan.FromMilliseconds(250));
        }

        SynchronizationContext.SetSynchronizationContext(context);
        return Task.CompletedTask;
    }

    private async Task PassUntilAsync(Task task, TimeSpan atMost)
    {
        for (var passed = TimeSpan.Zero; passed < atMost && !task.IsCompleted; passed += TimeSpan.FromMilliseconds(250))
        {
            await PassAsync(TimeSpan.FromMilliseconds(250));
        }

        await task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!await condition())
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    private sealed class FragileStore() : DelegatingStateStore(new InMemoryStateStore())
    {
        private volatile TaskCompletionSource? _held;

        public bool IsAway { get; set; }

        /// <summary>Whether calls never come back, whatever becomes of their tokens.</summary>
        public bool Hangs { get; set; }

        public bool IsHeld
        {
            get => _held is not null;
            set
            {
                var before = _held;
                _held = value ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : null;
                before?.TrySetResult();
            }
        }

        public override async ValueTask<bool> RenewLeaseAsync(long id, CancellationToken cancellationToken = default)
        {
            await (Hangs ? new TaskCompletionSource().Task : _held?.Task.WaitAsync(cancellationToken) ?? Task.CompletedTask);
            return IsAway ? throw new StoreUnavailableException("away") : await Inner.RenewLeaseAsync(id, cancellationToken);
        }

        public override async ValueTask<IReadOnlyList<NodeLease>> ListLeasesAsync(CancellationToken cancellationToken = default)
        {
            await (Hangs ? new TaskCompletionSource().Task : Task.CompletedTask);
            return await Inner.ListLeasesAsync(cancellationToken);
        }
    }
}
