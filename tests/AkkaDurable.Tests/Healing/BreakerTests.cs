using AkkaDurable.Internal.Calls;

namespace AkkaDurable.Tests.Healing;

/// <summary>Many crashes of a type on one node: nobody is restarted unasked for a while.</summary>
public sealed class BreakerTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_too_many_crashes_of_the_type_nobody_is_restarted_unasked(bool permanent)
    {
        await using var probe = Patient.Probe(o => (o.Permanent, o.BreakerCrashes) = (permanent, 2));
        await probe.CallAsync(new Increment());
        await probe.CrashNowAsync();
        Assert.True(probe.IsRunning);
        await probe.CrashNowAsync();
        Assert.False(probe.IsRunning);
        Assert.Equal(ServerStatus.Crashed, await probe.StatusAsync());
        await probe.AdvanceAsync(TimeSpan.FromMinutes(9));
        Assert.False(probe.IsRunning);
    }

    [Fact]
    public async Task Calls_and_starts_are_served_all_the_same_and_recoveries_wait_for_the_end()
    {
        await using var probe = Patient.Probe(o => (o.Permanent, o.BreakerCrashes) = (true, 2));
        await probe.CallAsync(new Increment());
        await probe.CrashNowAsync(2);
        var error = await Assert.ThrowsAsync<ServerCrashedException>(() => probe.Type.Gateway.Control<StartOutcome>(probe.Server.Key, ControlVerb.Recover, null, null, CancellationToken.None).AsTask());
        Assert.Contains("none that nobody asked for", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, await probe.CallAsync(new GetCount()));
        await probe.StopAsync();
        Assert.Equal(StartOutcome.Resumed, await probe.Server.StartAsync());
        await probe.StopAsync();
        await probe.AdvanceAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(StartOutcome.Resumed, await probe.Type.Gateway.Control<StartOutcome>(probe.Server.Key, ControlVerb.Recover, null, null, CancellationToken.None));
    }

    [Fact]
    public async Task A_recovery_that_nobody_waits_for_is_made_up_for_after_the_end()
    {
        await using var probe = Patient.Probe(o => (o.Permanent, o.BreakerCrashes) = (true, 1));
        await probe.CallAsync(new Increment());
        await probe.CrashNowAsync();
        Assert.False(probe.IsRunning);
        await probe.InfoAsync(new ControlEnvelope(probe.Id.ServerType, probe.Id.Key, 0, ControlVerb.Recover));
        await probe.AdvanceAsync(TimeSpan.FromMinutes(9));
        Assert.False(probe.IsRunning);
        await probe.AdvanceAsync(TimeSpan.FromMinutes(2));
        Assert.True(probe.IsRunning);
    }

    [Fact]
    public async Task Calls_that_wait_have_the_server_restarted()
    {
        await using var probe = Patient.Probe(o => o.BreakerCrashes = 1);
        await probe.CallAsync(new Increment());
        Task<int> call;
        using (probe.HoldSaves())
        {
            await Assert.ThrowsAsync<HandlerFailedException>(() => probe.CallAsync(new Crash("boom")));
            call = probe.CallAsync(new GetCount());
            await probe.SettleAsync();
        }

        Assert.Equal(1, await call);
    }

    [Fact]
    public async Task A_permanent_server_whose_Init_fails_stays_down_while_it_is_open()
    {
        var attempts = 0;
        await using var probe = Patient.Probe(o => (o.Permanent, o.BreakerCrashes) = (true, 2), () => throw new InvalidOperationException($"attempt {++attempts}"));
        await Assert.ThrowsAsync<InitFailedException>(() => probe.StartAsync());
        await probe.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(2, attempts);
        Assert.Equal(ServerStatus.Crashed, await probe.StatusAsync());
    }
}
