using Akka.Configuration;
using Akka.Coordination;
using Akka.Event;
using AkkaDurable.Sql.Internal;
using AkkaDurable.Sql.Internal.Leasing;
using AkkaDurable.TestSupport.Storage;
using Microsoft.Extensions.Time.Testing;

namespace AkkaDurable.Sql.Tests.Leasing;

/// <summary>What the lease does on every kind of database. The owner's time stands still unless a test moves it; the database's goes on.</summary>
public abstract class SqlLeaseContract : IAsyncLifetime
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<ISqlDatabase> _databases = [];

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        foreach (var database in _databases)
        {
            await database.DisposeAsync();
        }
    }

    /// <summary>Options for the database of this test.</summary>
    protected abstract SqlStateStoreOptions Options();

    /// <summary>Keeps everybody from writing leases until it is disposed.</summary>
    protected abstract Task<IAsyncDisposable> HoldAsync();

    [ContractFact]
    public async Task Of_sixteen_contenders_one_gets_it_in_each_of_a_hundred_rounds()
    {
        const int Contenders = 16;
        const int Rounds = 100;
        var tables = new[] { await TableAsync(), await TableAsync(), await TableAsync(), await TableAsync() };
        var leases = Enumerable.Range(0, Contenders).Select(i => Lease(tables[i % tables.Length], $"node-{i}", Long)).ToArray();
        for (var round = 1; round <= Rounds; round++)
        {
            var granted = await Task.WhenAll(leases.Select(lease => Task.Run(lease.Acquire)));

            var winner = Array.IndexOf(granted, true);
            Assert.True(granted.Count(isGranted => isGranted) == 1, $"round {round}: granted to {string.Join(", ", granted.Select((isGranted, i) => isGranted ? $"node-{i}" : "-"))}");
            Assert.Equal(granted, leases.Select(lease => lease.CheckLease()));
            if (round % 2 == 0)
            {
                // Those that have nothing to give back change nothing.
                await Task.WhenAll(leases.Where((_, i) => i != winner).Select(lease => lease.Release()));
                Assert.True(leases[winner].CheckLease());
                Assert.False(await leases[(winner + 1) % Contenders].Acquire());
            }

            Assert.True(await leases[winner].Release());
        }

        Assert.Equal(Rounds, (await tables[0].AcquireAsync("test", new LeaseOwner(1, "reader"), Long, default)).Version - 1);
    }

    [ContractFact]
    public async Task A_paused_owner_loses_it_when_its_time_is_over_and_knows_when_it_wakes_up()
    {
        var table = await TableAsync();
        var (time, lost) = (new FakeTimeProvider(), new TaskCompletionSource<Exception>());
        var (paused, other) = (Lease(table, "paused", Short * 2, time), Lease(table, "other", Long));
        Assert.True(await paused.Acquire(lost.SetResult));
        Assert.False(await other.Acquire());

        var start = TimeProvider.System.GetTimestamp();
        await UntilAsync("the time of the paused owner is over", other.Acquire);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), Short / 2, Patience);

        // It wakes up; the first thing that it does is to look.
        time.Advance(Short * 2);
        Assert.False(paused.CheckLease());
        Assert.Contains("lost", (await lost.Task.WaitAsync(Patience)).Message, StringComparison.Ordinal);
        Assert.True(await paused.Release());
        Assert.False(await paused.Acquire());
        Assert.True(other.CheckLease());
    }

    [ContractFact]
    public async Task It_counts_from_before_it_asked_and_for_less_than_others_wait()
    {
        var time = new FakeTimeProvider();
        var lease = Lease(await TableAsync(), "node", Long, time);
        Task<bool> acquiring;
        await using (await HoldAsync())
        {
            acquiring = lease.Acquire();
            time.Advance(TimeSpan.FromSeconds(2));
            Assert.False(acquiring.IsCompleted);
        }

        Assert.True(await acquiring);
        time.Advance((Long * 0.95) - TimeSpan.FromSeconds(2) - TimeSpan.FromMilliseconds(1));
        Assert.True(lease.CheckLease());
        time.Advance(TimeSpan.FromMilliseconds(2));
        Assert.False(lease.CheckLease());
    }

    [ContractFact]
    public async Task Renewals_keep_it_for_longer_than_its_time_to_live()
    {
        var table = await TableAsync();

        // Long against a stall of a busy machine, which would end the lease as it should.
        var (owner, other) = (Lease(table, "owner", Short * 3, TimeProvider.System, interval: Short / 2), Lease(table, "other", Short * 3));
        Assert.True(await owner.Acquire());

        var start = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (TimeProvider.System.GetElapsedTime(start) < Short * 5)
        {
            Assert.False(await other.Acquire());
            await timer.WaitForNextTickAsync();
        }

        Assert.True(owner.CheckLease());
        Assert.True(await owner.Release());
        Assert.False(owner.CheckLease());
        Assert.True(await other.Acquire());
    }

    [ContractFact]
    public async Task The_same_owner_may_ask_again_and_a_process_started_anew_under_its_name_waits()
    {
        var table = await TableAsync();
        var (before, after) = (Lease(table, "node", Short), Lease(table, "node", Short));

        Assert.True(await before.Acquire());
        Assert.True(await before.Acquire());
        Assert.True(before.CheckLease());
        Assert.False(await after.Acquire());

        // Its time has stood still since: nothing renews it.
        await UntilAsync("the time of the process before is over", after.Acquire);
    }

    [ContractFact]
    public async Task An_owner_whose_renewals_do_not_get_through_is_told_once_before_others_can_have_it()
    {
        var (table, others) = (await TableAsync(), await TableAsync());
        var (owner, other) = (Lease(table, "owner", Short, TimeProvider.System), Lease(others, "other", Short, TimeProvider.System));
        var calls = 0;
        var lost = new TaskCompletionSource<Exception>();
        Assert.True(await owner.Acquire(why =>
        {
            Interlocked.Increment(ref calls);
            lost.TrySetResult(why);
        }));

        await using (await HoldAsync())
        {
            Assert.Contains("no renewal", (await lost.Task.WaitAsync(Patience)).Message, StringComparison.Ordinal);
            Assert.False(owner.CheckLease());
        }

        await UntilAsync("another one has it", other.Acquire);
        Assert.Equal(1, Volatile.Read(ref calls));
    }

    [ContractFact]
    public async Task When_the_database_does_not_answer_in_time_nothing_is_held_and_soon_others_can_have_it()
    {
        var (owner, other) = (Lease(await TableAsync(), "owner", Short * 3, TimeProvider.System, operation: Short), Lease(await TableAsync(), "other", Long, TimeProvider.System));
        await using (await HoldAsync())
        {
            await Assert.ThrowsAsync<LeaseTimeoutException>(() => owner.Acquire());
            Assert.False(owner.CheckLease());
            await Assert.ThrowsAsync<LeaseTimeoutException>(() => owner.Release());
        }

        await UntilAsync("another one has it", other.Acquire);
        Assert.False(await owner.Acquire());
    }

    [ContractFact]
    public async Task It_is_handed_over_between_two_that_see_each_other()
    {
        var table = await TableAsync();
        var told = new TaskCompletionSource<Exception>();
        var owner = Lease(table, "one", Long, TimeProvider.System, sees: "two", interval: TimeSpan.FromMilliseconds(100));
        var heir = Lease(table, "two", Long, TimeProvider.System, sees: "one");
        Assert.True(await owner.Acquire(told.SetResult));

        Assert.True(await heir.Acquire());

        Assert.True(heir.CheckLease());
        Assert.False(owner.CheckLease());
        Assert.Contains("handed over to two", (await told.Task.WaitAsync(Patience)).Message, StringComparison.Ordinal);

        // What the owner of before does is nothing to it.
        Assert.True(await owner.Release());
        Assert.False(await Lease(table, "three", Long).Acquire());
    }

    [ContractFact]
    public async Task It_is_not_handed_over_to_one_whom_the_owner_does_not_see()
    {
        var table = await TableAsync();
        var owner = Lease(table, "one", Long, TimeProvider.System, sees: "nobody", interval: TimeSpan.FromMilliseconds(50));
        var heir = Lease(table, "two", Long, TimeProvider.System, sees: "one", operation: TimeSpan.FromSeconds(1));
        Assert.True(await owner.Acquire());

        await Assert.ThrowsAsync<LeaseTimeoutException>(() => heir.Acquire());

        Assert.True(owner.CheckLease());
        Assert.False(heir.CheckLease());
        Assert.False(await Lease(table, "two", Long, sees: "nobody").Acquire());
    }

    [ContractFact]
    public async Task Leases_of_other_names_are_other_leases()
    {
        var table = await TableAsync();

        Assert.True(await Lease(table, "node-a", Long, name: "one").Acquire());
        Assert.True(await Lease(table, "node-b", Long, name: "two").Acquire());
    }

    private protected async Task<ILeaseTable> TableAsync()
    {
        var database = LeaseDatabase.Create(Options());
        _databases.Add(database);
        await database.PrepareAsync(default);
        return database.CreateLeaseTable();
    }

    private protected static SqlLease Lease(
        ILeaseTable table, string owner, TimeSpan timeToLive, TimeProvider? time = null, string? sees = null, TimeSpan? interval = null, TimeSpan? operation = null, string name = "test") => new(
        new LeaseSettings(name, owner, new TimeoutSettings(interval ?? timeToLive / 4, timeToLive, operation ?? Patience), Config.Empty),
        _ => ValueTask.FromResult(table),
        sees is null ? null : other => other == sees,
        time ?? new FakeTimeProvider(),
        NoLogger.Instance);

    private protected static async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, $"{what}: not within {Patience}");
            await timer.WaitForNextTickAsync();
        }
    }
}
