using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Runtime;
using AkkaDurable.TestKit;

namespace AkkaDurable.Tests.Healing;

public sealed class BackingOffTests
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task The_first_restart_is_at_once_and_each_further_one_waits_twice_as_long()
    {
        await using var probe = Patient.Probe(o => (o.RestartDelay, o.MaxRestartDelay, o.MaxCrashes) = (TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1), null));
        await probe.CrashNowAsync();
        Assert.True(probe.IsRunning);
        foreach (var delay in new[] { 200, 400, 800, 1000, 1000 })
        {
            await probe.CrashNowAsync();
            var call = probe.CallAsync(new Increment());
            await probe.AdvanceAsync(TimeSpan.FromMilliseconds(delay) - s_tick);
            Assert.False(probe.IsRunning);
            Assert.False(call.IsCompleted);
            await probe.AdvanceAsync(s_tick);
            Assert.True(probe.IsRunning);
            await call;
        }

        Assert.Equal(5, await probe.CallAsync(new GetCount()));
    }

    [Fact]
    public async Task An_Init_that_fails_makes_the_next_message_wait()
    {
        var attempts = 0;
        await using var probe = Patient.Probe(o => o.RestartDelay = TimeSpan.FromSeconds(1), () => ++attempts <= 2 ? throw new InvalidOperationException("not yet") : null);
        await Assert.ThrowsAsync<InitFailedException>(() => probe.CallAsync(new GetCount()));
        await Assert.ThrowsAsync<InitFailedException>(() => probe.CallAsync(new GetCount()));
        await probe.SettleAsync();
        var call = probe.CallAsync(new GetCount());
        await probe.SettleAsync();
        Assert.Equal(2, attempts);
        await probe.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(0, await call);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_start_cuts_it_short(bool ensures)
    {
        await using var probe = await BackingOffAsync();
        var call = probe.CallAsync(new Increment());
        await probe.SettleAsync();
        Assert.Equal(StartOutcome.Resumed, ensures ? await probe.Server.EnsureStartedAsync() : await probe.Server.StartAsync());
        Assert.Equal(2, await call);
        await probe.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(2, await probe.CallAsync(new GetCount()));
    }

    [Fact]
    public async Task The_state_given_to_a_start_that_cuts_it_short_was_ignored()
    {
        var attempts = 0;
        await using var probe = Patient.Probe(o => o.RestartDelay = TimeSpan.FromSeconds(10), () => ++attempts <= 2 ? throw new InvalidOperationException("not yet") : null);
        await Assert.ThrowsAsync<InitFailedException>(() => probe.CallAsync(new GetCount()));
        await Assert.ThrowsAsync<InitFailedException>(() => probe.CallAsync(new GetCount()));
        var call = probe.CallAsync(new GetCount());
        await probe.SettleAsync();
        Assert.Equal(2, attempts);
        await Assert.ThrowsAsync<MessageRejectedException>(() => probe.Server.StartAsync("no state").AsTask());
        Assert.False(call.IsCompleted);
        Assert.Equal(StartOutcome.Created, await probe.Server.StartAsync(new PatientState(7)));
        Assert.Equal(7, await call);
        Assert.Equal("""{"Count":7,"Text":""}""", (await probe.Server.InfoAsync(includeState: true))!.StoredState);
    }

    [Fact]
    public async Task What_is_asked_meanwhile_is_answered_at_once()
    {
        await using var probe = await BackingOffAsync();
        Assert.False(await probe.Server.IsRunningAsync());
        var info = (await probe.Server.InfoAsync())!;
        Assert.Equal(ServerStatus.Crashed, info.Status);
        Assert.False(info.IsRunning);
        Assert.Equal(2, info.Crashes.Count);
        Assert.False(await probe.Server.UncordonAsync());
    }

    [Fact]
    public async Task What_was_asked_before_it_began_waited_until_its_end()
    {
        await using var probe = await CrashedOnceAsync();
        Task<bool> isRunning;
        Task<int> call;
        using (probe.HoldSaves())
        {
            await Assert.ThrowsAsync<HandlerFailedException>(() => probe.CallAsync(new Crash("boom")));
            call = probe.CallAsync(new GetCount());
            isRunning = probe.Server.IsRunningAsync().AsTask();
            await probe.SettleAsync();
        }

        Assert.False(await isRunning.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.False(call.IsCompleted);
    }

    [Fact]
    public async Task A_stop_ends_it_and_calls_wait_on()
    {
        await using var probe = await BackingOffAsync();
        var call = probe.CallAsync(new GetCount());
        Assert.False(await probe.StopAsync());
        Assert.False(call.IsCompleted);
        Assert.Equal(2, (await probe.Server.InfoAsync())!.Crashes.Count);
        await probe.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await call);
    }

    [Fact]
    public async Task A_stop_without_anybody_waiting_leaves_the_record_as_crashed()
    {
        await using var probe = await BackingOffAsync();
        Assert.False(await probe.StopAsync());
        Assert.Equal(ServerStatus.Crashed, await probe.StatusAsync());
        await probe.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.False(probe.IsRunning);
        Assert.Equal(2, (await probe.Server.InfoAsync())!.Crashes.Count);
    }

    [Fact]
    public async Task A_stop_for_good_a_cordon_and_a_delete_end_it()
    {
        await using var stopped = await BackingOffAsync();
        var call = stopped.CallAsync(new GetCount());
        Assert.True(await stopped.Server.StopPermanentlyAsync());
        await Assert.ThrowsAsync<ServerStoppedException>(() => call);
        Assert.Equal(ServerStatus.StoppedPermanent, await stopped.StatusAsync());

        await using var cordoned = await BackingOffAsync();
        call = cordoned.CallAsync(new GetCount());
        Assert.True(await cordoned.Server.CordonAsync());
        await Assert.ThrowsAsync<ServerCordonedException>(() => call);
        Assert.Equal(ServerStatus.Cordoned, await cordoned.StatusAsync());

        await using var deleted = await BackingOffAsync();
        call = deleted.CallAsync(new GetCount());
        Assert.True(await deleted.DeleteAsync());
        Assert.Equal(0, await call);
        Assert.Empty((await deleted.Server.InfoAsync())!.Crashes);
    }

    [Fact]
    public async Task A_stop_of_the_shard_waited_for_its_end()
    {
        await using var probe = await BackingOffAsync();
        await probe.InfoAsync(StopServer.Instance);
        Assert.Equal(ServerStatus.Crashed, await probe.StatusAsync());
        var epoch = (await probe.ReadStoredAsync())!.Token.Epoch;
        await probe.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(epoch, (await probe.ReadStoredAsync())!.Token.Epoch);
    }

    [Fact]
    public async Task A_stop_of_the_shard_hands_over_calls_and_the_permanence()
    {
        await using var probe = await BackingOffAsync();
        var call = probe.CallAsync(new GetCount());
        await probe.InfoAsync(StopServer.Instance);
        await probe.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await call);

        await using var permanent = await BackingOffAsync(o => o.Permanent = true);
        await permanent.InfoAsync(StopServer.Instance);
        Assert.False(permanent.IsRunning);
        await permanent.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.True(permanent.IsRunning);
    }

    [Fact]
    public async Task The_recovery_of_a_server_that_waits_held_up_others()
    {
        await using var probe = await BackingOffAsync();
        await probe.StopAsync();
        var outcome = probe.Type.Gateway.Control<StartOutcome>(probe.Server.Key, ControlVerb.Recover, null, null, CancellationToken.None).AsTask();
        Assert.Equal(StartOutcome.AlreadyRunning, await outcome.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.False(probe.IsRunning);
        await probe.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.True(probe.IsRunning);
    }

    [Fact]
    public async Task Another_node_that_takes_the_record_over_meanwhile_keeps_it()
    {
        await using var probe = await BackingOffAsync();
        await using var other = probe.OnAnotherNode();
        Assert.Equal(2, await other.CallAsync(new Increment()));
        Assert.False(await probe.StopAsync());
        Assert.Equal(ServerStatus.Running, await other.StatusAsync());
        Assert.Equal(3, await other.CallAsync(new Increment()));
    }

    private static async Task<ServerProbe<PatientState>> CrashedOnceAsync(Action<DurableServerOptions>? configure = null)
    {
        var probe = Patient.Probe(o =>
        {
            o.RestartDelay = TimeSpan.FromSeconds(1);
            configure?.Invoke(o);
        });
        await probe.CallAsync(new Increment());
        await probe.CrashNowAsync();
        Assert.True(probe.IsRunning);
        return probe;
    }

    private static async Task<ServerProbe<PatientState>> BackingOffAsync(Action<DurableServerOptions>? configure = null)
    {
        var probe = await CrashedOnceAsync(configure);
        await probe.CrashNowAsync();
        Assert.False(probe.IsRunning);
        return probe;
    }
}
