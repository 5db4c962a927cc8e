using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Runtime;
using AkkaDurable.Storage;
using AkkaDurable.TestKit;

namespace AkkaDurable.Tests.Healing;

public sealed class PermanentTests
{
    private static readonly TimeSpan s_recovery = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(false, null, false)]
    [InlineData(false, true, true)]
    [InlineData(true, null, true)]
    [InlineData(true, false, false)]
    public async Task The_type_says_whether_a_server_is_permanent_unless_Init_does(bool type, bool? init, bool expected)
    {
        await using var probe = Patient.Probe(o => o.Permanent = type, () => init);
        await probe.StartAsync();
        Assert.Equal(expected, (await probe.Server.InfoAsync())!.IsPermanent);
        await probe.CallAsync(new Increment());
        Assert.Equal(expected, (await probe.ReadStoredAsync())!.IsPermanent);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_is_stored_before_the_start_is_reported(bool onStop)
    {
        await using var probe = Patient.Probe(o => o.Save = onStop ? SavePolicy.OnStop : SavePolicy.EveryChange, () => true);
        Task<StartOutcome> start;
        using (probe.HoldSaves())
        {
            start = probe.StartAsync();
            await probe.SettleAsync();
            Assert.False(start.IsCompleted);
        }

        Assert.Equal(StartOutcome.Created, await start);
        Assert.True((await probe.ReadStoredAsync())!.IsPermanent);
    }

    [Fact]
    public async Task What_Init_says_may_change_with_the_next_start()
    {
        bool? permanent = true;
        await using var probe = Patient.Probe(init: () => permanent);
        await probe.StartAsync();
        permanent = null;
        await probe.RestartAsync();
        await probe.SettleAsync();
        Assert.False((await probe.ReadStoredAsync())!.IsPermanent);
    }

    [Fact]
    public async Task It_is_never_passivated_nor_evicted()
    {
        await using var probe = Patient.Probe(o => (o.PassivateAfter, o.MaxActiveServers) = (TimeSpan.FromMinutes(1), 1), () => true);
        await probe.StartAsync();
        await probe.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.True(probe.IsRunning);
        await probe.InfoAsync(new PassivateServer(Evict: true));
        Assert.True(probe.IsRunning);
        Assert.Equal(1, (await probe.ReadStoredAsync())!.Token.Epoch);
    }

    [Fact]
    public async Task It_starts_again_by_itself_after_an_Init_that_failed()
    {
        var attempts = 0;
        await using var probe = Patient.Probe(o => (o.Permanent, o.RestartDelay) = (true, TimeSpan.FromSeconds(1)), () => ++attempts <= 3 ? throw new InvalidOperationException("not yet") : null);
        await Assert.ThrowsAsync<InitFailedException>(() => probe.StartAsync());
        await probe.SettleAsync();
        Assert.Equal(2, attempts);
        await probe.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(3, attempts);
        Assert.False(probe.IsRunning);
        await probe.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.True(probe.IsRunning);
    }

    [Fact]
    public async Task An_Init_that_always_fails_is_given_up_with_the_budget()
    {
        var attempts = 0;
        await using var probe = Patient.Probe(o => o.Permanent = true, () => throw new InvalidOperationException($"attempt {++attempts}"));
        await Assert.ThrowsAsync<InitFailedException>(() => probe.StartAsync());
        await probe.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(5, attempts);
        Assert.Equal(ServerStatus.PermanentlyCrashed, await probe.StatusAsync());
        Assert.Empty(await OrphansAsync(probe));
    }

    [Fact]
    public async Task An_Init_that_ignores_is_not_asked_again_and_again()
    {
        await using var probe = ServerProbe.For(() => new Patient { Ignores = true }, configure: o => o.Permanent = true);
        await Assert.ThrowsAsync<ServerIgnoredException>(() => probe.StartAsync());
        await probe.SettleAsync();
        Assert.Equal(ServerStatus.StoppedGraceful, await probe.StatusAsync());
        Assert.Empty(await OrphansAsync(probe));
    }

    [Fact]
    public async Task It_starts_again_by_itself_after_a_stop_with_an_error()
    {
        await using var probe = Patient.Probe(o => o.Permanent = true);
        await probe.CallAsync(new Increment());
        await probe.CastAsync(new LeaveQuietly("error"));
        Assert.True(probe.IsRunning);
        Assert.Equal(1, await probe.CallAsync(new GetCount()));
        Assert.Single((await probe.Server.InfoAsync())!.Crashes);
    }

    [Theory]
    [InlineData("permanent", ServerStatus.StoppedPermanent)]
    [InlineData("cordon", ServerStatus.Cordoned)]
    [InlineData("delete", null)]
    public async Task It_stays_down_when_it_was_stopped_for_good(string reason, ServerStatus? status)
    {
        await using var probe = Patient.Probe(o => o.Permanent = true);
        await probe.CallAsync(new Increment());
        await probe.CastAsync(new LeaveQuietly(reason));
        await probe.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.False(probe.IsRunning);
        Assert.Equal(status, await probe.StatusAsync());
        Assert.Empty(await OrphansAsync(probe));
    }

    [Fact]
    public async Task A_stop_leaves_it_to_the_recovery()
    {
        await using var probe = Patient.Probe(o => o.Permanent = true);
        await probe.StartAsync();
        Assert.True(await probe.StopAsync());
        Assert.Equal([probe.Server.Key], await OrphansAsync(probe));
        await probe.InfoAsync(Recovery(probe));
        Assert.True(probe.IsRunning);
        Assert.Empty(await OrphansAsync(probe));
    }

    [Fact]
    public async Task It_comes_back_where_its_shard_goes()
    {
        await using var probe = Patient.Probe(o => o.Permanent = true);
        await probe.CallAsync(new Increment());
        await probe.InfoAsync(StopServer.Instance);
        Assert.True(probe.IsRunning);
        Assert.Equal(2, (await probe.ReadStoredAsync())!.Token.Epoch);

        await using var other = Patient.Probe();
        await other.CallAsync(new Increment());
        await other.InfoAsync(StopServer.Instance);
        Assert.False(other.IsRunning);
    }

    [Fact]
    public async Task It_comes_back_after_a_crash_of_the_handler_under_a_stop_of_the_shard()
    {
        await using var probe = Patient.Probe(o => o.Permanent = true);
        await probe.CallAsync(new Increment());
        using (probe.HoldSaves())
        {
            await Assert.ThrowsAsync<HandlerFailedException>(() => probe.CallAsync(new Crash("boom")));
            await probe.InfoAsync(StopServer.Instance);
        }

        await probe.AdvanceAsync(s_recovery);
        Assert.True(probe.IsRunning);
        Assert.Equal(1, probe.State.Count);
    }

    [Fact]
    public async Task It_comes_back_when_its_final_state_could_not_be_saved()
    {
        await using var probe = Patient.Probe(o => o.Permanent = true);
        await probe.CallAsync(new Increment());
        probe.FailNextSave();
        await Assert.ThrowsAsync<SaveFailedException>(() => probe.Server.StopAsync().AsTask());
        await probe.SettleAsync();
        await probe.AdvanceAsync(s_recovery);
        Assert.True(probe.IsRunning);
    }

    [Fact]
    public async Task It_never_came_back_when_its_final_state_was_not_saved_and_the_store_stayed_away_for_a_while()
    {
        var store = new AbsentStore();
        await using var probe = Patient.Probe(o => o.Permanent = true, store: store);
        await probe.CallAsync(new Increment());
        store.IsAway = true;
        await Assert.ThrowsAsync<SaveFailedException>(() => probe.Server.StopAsync().AsTask());
        for (var i = 0; i < 5; i++)
        {
            await probe.AdvanceAsync(s_recovery);
            Assert.False(probe.IsRunning);
        }

        store.IsAway = false;
        await probe.AdvanceAsync(s_recovery);
        Assert.True(probe.IsRunning);
    }

    [Fact]
    public async Task It_never_came_back_when_a_cordon_of_it_failed_half_way()
    {
        await using var probe = Patient.Probe(o => o.Permanent = true);
        await probe.CallAsync(new Increment());
        await probe.StopAsync();
        probe.FailNextSave();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => probe.Server.CordonAsync().AsTask());
        await probe.AdvanceAsync(s_recovery);
        Assert.True(probe.IsRunning);
    }

    [Fact]
    public async Task The_recovery_of_a_server_that_was_deleted_meanwhile_brought_it_back()
    {
        await using var probe = Patient.Probe(o => o.Permanent = true);
        await probe.CallAsync(new Increment());
        await probe.DeleteAsync();
        await probe.InfoAsync(Recovery(probe));
        await probe.SettleAsync();
        Assert.False(probe.IsRunning);
        Assert.Null(await probe.ReadStoredAsync());
        await Assert.ThrowsAsync<ServerStoppedException>(() => probe.Type.Gateway.Control<StartOutcome>(probe.Server.Key, ControlVerb.Recover, null, null, CancellationToken.None).AsTask());
        Assert.Null(await probe.ReadStoredAsync());
        Assert.Equal(0, await probe.CallAsync(new GetCount()));
    }

    [Theory]
    [InlineData(ServerStatus.StoppedPermanent, typeof(ServerStoppedException))]
    [InlineData(ServerStatus.Cordoned, typeof(ServerCordonedException))]
    [InlineData(ServerStatus.PermanentlyCrashed, typeof(ServerCrashedException))]
    public async Task A_recovery_starts_nothing_that_is_to_stay_down(ServerStatus status, Type error)
    {
        await using var probe = Patient.Probe(o => (o.Permanent, o.MaxCrashes) = (true, 1));
        await probe.StartAsync();
        switch (status)
        {
            case ServerStatus.StoppedPermanent:
                await probe.Server.StopPermanentlyAsync();
                break;
            case ServerStatus.Cordoned:
                await probe.Server.CordonAsync();
                break;
            default:
                await probe.CrashNowAsync();
                break;
        }

        Assert.Equal(status, await probe.StatusAsync());
        await Assert.ThrowsAsync(error, () => probe.Type.Gateway.Control<StartOutcome>(probe.Server.Key, ControlVerb.Recover, null, null, CancellationToken.None).AsTask());
        Assert.Equal(status, await probe.StatusAsync());
    }

    private static ControlEnvelope Recovery(ServerProbe<PatientState> probe) => new(probe.Id.ServerType, probe.Id.Key, 0, ControlVerb.Recover);

    private static async Task<string[]> OrphansAsync(ServerProbe<PatientState> probe) =>
        [.. (await probe.Store.ListOrphansAsync(new OrphanQuery(probe.Id.ServerType) { LiveOwners = ["akka://probe"] })).Select(orphan => orphan.Id.Key)];

    private sealed class AbsentStore() : DelegatingStateStore(new InMemoryStateStore())
    {
        public bool IsAway { get; set; }

        public override ValueTask<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken = default) =>
            IsAway ? throw new StoreUnavailableException("away") : Inner.ClaimAsync(request, cancellationToken);

        public override ValueTask<SaveOutcome> SaveAsync(SaveRequest request, CancellationToken cancellationToken = default) =>
            IsAway ? throw new StoreUnavailableException("away") : Inner.SaveAsync(request, cancellationToken);
    }
}
