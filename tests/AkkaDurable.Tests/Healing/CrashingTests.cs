using System.Text;
using AkkaDurable.Storage;

namespace AkkaDurable.Tests.Healing;

public sealed class CrashingTests
{
    [Fact]
    public async Task Five_crashes_in_an_hour_end_the_restarts_and_callers_get_the_history_at_once()
    {
        await using var probe = Patient.Probe();
        await probe.CallAsync(new Increment(3));
        for (var i = 1; i <= 5; i++)
        {
            await Assert.ThrowsAsync<HandlerFailedException>(() => probe.CallAsync(new Crash($"boom {i}")));
            await probe.AdvanceAsync(TimeSpan.FromMinutes(10));
            Assert.Equal(i < 5, probe.IsRunning);
        }

        Assert.Equal(ServerStatus.PermanentlyCrashed, await probe.StatusAsync());
        var epoch = (await probe.ReadStoredAsync())!.Token.Epoch;
        var error = await Assert.ThrowsAsync<ServerCrashedException>(() => probe.CallAsync(new GetCount()));
        Assert.Equal(CallOutcome.NotApplied, error.Outcome);
        Assert.Contains("5 times", error.Message, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(1, 5).Select(i => $"InvalidOperationException: boom {i}"), error.Crashes.Select(crash => crash.Reason));
        Assert.Equal(Enumerable.Range(0, 5).Select(i => DateTimeOffset.UnixEpoch.AddMinutes(10 * i)), error.Crashes.Select(crash => crash.At));
        Assert.All(error.Crashes, crash => Assert.Equal("akka://probe", crash.Node));
        Assert.Equal(epoch, (await probe.ReadStoredAsync())!.Token.Epoch);
    }

    [Fact]
    public async Task A_start_clears_the_status_but_not_the_history_so_the_next_crash_goes_straight_back()
    {
        await using var probe = Patient.Probe();
        await probe.CallAsync(new Increment(3));
        await probe.CrashNowAsync(5);

        Assert.Equal(StartOutcome.Resumed, await probe.Server.StartAsync());
        Assert.Equal(ServerStatus.Running, await probe.StatusAsync());
        Assert.Equal(5, (await probe.Server.InfoAsync())!.Crashes.Count);
        Assert.Equal(3, await probe.CallAsync(new GetCount()));

        await probe.CrashNowAsync();
        Assert.Equal(ServerStatus.PermanentlyCrashed, await probe.StatusAsync());
        var error = await Assert.ThrowsAsync<ServerCrashedException>(() => probe.CallAsync(new GetCount()));
        Assert.Equal(6, error.Crashes.Count);
    }

    [Fact]
    public async Task Crashes_outside_the_window_are_forgotten()
    {
        await using var probe = Patient.Probe();
        for (var i = 0; i < 10; i++)
        {
            await probe.CrashNowAsync();
            await probe.AdvanceAsync(TimeSpan.FromMinutes(16));
        }

        Assert.Equal(0, await probe.CallAsync(new GetCount()));
        Assert.Equal(4, (await probe.Server.InfoAsync())!.Crashes.Count);
    }

    [Fact]
    public async Task Without_a_limit_it_is_always_started_again()
    {
        await using var probe = Patient.Probe(o => o.MaxCrashes = null);
        await probe.CrashNowAsync(40);
        Assert.Equal(0, await probe.CallAsync(new GetCount()));
        Assert.Equal(30, (await probe.Server.InfoAsync())!.Crashes.Count);
    }

    [Fact]
    public async Task A_reason_is_stored_with_500_characters_at_most()
    {
        await using var probe = Patient.Probe();
        await Assert.ThrowsAsync<HandlerFailedException>(() => probe.CallAsync(new Crash(new string('x', 10_000))));
        await probe.SettleAsync();
        var crash = Assert.Single((await probe.Server.InfoAsync())!.Crashes);
        Assert.Equal("InvalidOperationException: " + new string('x', 472) + "…", crash.Reason);
        Assert.Equal(500, crash.Reason.Length);
    }

    [Fact]
    public async Task A_crash_survives_the_process()
    {
        await using var probe = Patient.Probe(o => o.MaxCrashes = 2);
        await probe.CrashNowAsync();
        await probe.CrashAsync();
        await using var elsewhere = probe.OnAnotherNode();
        await elsewhere.CrashNowAsync();
        Assert.Equal(ServerStatus.PermanentlyCrashed, await elsewhere.StatusAsync());
        var error = await Assert.ThrowsAsync<ServerCrashedException>(() => elsewhere.CallAsync(new GetCount()));
        Assert.Equal(2, error.Crashes.Count);
    }

    [Fact]
    public async Task The_death_of_a_process_is_no_crash_of_its_servers()
    {
        await using var probe = Patient.Probe(o => o.MaxCrashes = 1);
        for (var i = 0; i < 3; i++)
        {
            await probe.CallAsync(new Increment());
            await probe.CrashAsync();
        }

        Assert.Equal(3, await probe.CallAsync(new GetCount()));
        Assert.Empty((await probe.Server.InfoAsync())!.Crashes);
    }

    [Fact]
    public async Task A_save_that_fails_is_no_crash()
    {
        await using var probe = Patient.Probe(o => o.MaxCrashes = 1);
        await probe.StartAsync();
        probe.FailNextSave();
        await Assert.ThrowsAsync<SaveFailedException>(() => probe.CallAsync(new Increment()));
        Assert.Equal(0, await probe.CallAsync(new GetCount()));
        Assert.Empty((await probe.Server.InfoAsync())!.Crashes);
    }

    [Fact]
    public async Task A_store_that_is_away_for_a_handler_is_no_crash()
    {
        await using var probe = Patient.Probe(o => o.MaxCrashes = 1);
        await Assert.ThrowsAsync<HandlerFailedException>(() => probe.CallAsync(new CrashOfStore()));
        Assert.Equal(0, await probe.CallAsync(new GetCount()));
        Assert.Empty((await probe.Server.InfoAsync())!.Crashes);
    }

    [Fact]
    public async Task A_store_that_is_away_for_Init_or_what_follows_it_counted_as_a_crash()
    {
        var isAway = true;
        void Ask()
        {
            if (isAway)
            {
                throw new StoreUnavailableException("away");
            }
        }

        await using var atInit = Patient.Probe(o => o.MaxCrashes = 1, () =>
        {
            Ask();
            return null;
        });
        await using var after = TestKit.ServerProbe.For(() => new Patient { AtContinue = Ask }, configure: o => o.MaxCrashes = 1);
        await Assert.ThrowsAsync<InitFailedException>(() => atInit.CallAsync(new GetCount()));
        await Assert.ThrowsAsync<InitFailedException>(() => after.CallAsync(new GetCount()));
        isAway = false;
        Assert.Equal(0, await atInit.CallAsync(new GetCount()));
        Assert.Equal(0, await after.CallAsync(new GetCount()));
        Assert.Empty((await atInit.Server.InfoAsync())!.Crashes);
        Assert.Empty((await after.Server.InfoAsync())!.Crashes);
    }

    [Fact]
    public async Task An_Init_that_fails_counts_and_the_last_failure_ends_the_starts()
    {
        await using var probe = Patient.Probe(init: () => throw new InvalidOperationException("not today"));
        for (var i = 0; i < 5; i++)
        {
            await Assert.ThrowsAsync<InitFailedException>(() => probe.CallAsync(new GetCount()));
            await probe.SettleAsync();
        }

        Assert.Equal(ServerStatus.PermanentlyCrashed, await probe.StatusAsync());
        var error = await Assert.ThrowsAsync<ServerCrashedException>(() => probe.CallAsync(new GetCount()));
        Assert.Equal("InvalidOperationException: not today", error.Crashes[4].Reason);
        await Assert.ThrowsAsync<InitFailedException>(() => probe.Server.StartAsync().AsTask());
    }

    [Fact]
    public async Task A_state_that_cannot_be_read_counts_and_is_left_as_it_is()
    {
        await using var probe = Patient.Probe(o => o.MaxCrashes = 2);
        await probe.PutStoredAsync(1, "nonsense");
        await Assert.ThrowsAsync<StateCorruptException>(() => probe.CallAsync(new GetCount()));
        await probe.SettleAsync();
        Assert.Equal(ServerStatus.Crashed, await probe.StatusAsync());
        await Assert.ThrowsAsync<StateCorruptException>(() => probe.CallAsync(new GetCount()));
        await probe.SettleAsync();
        Assert.Equal(ServerStatus.PermanentlyCrashed, await probe.StatusAsync());
        Assert.Equal("nonsense", Encoding.UTF8.GetString((await probe.ReadStoredAsync())!.State!.Value.Span));
    }

    [Fact]
    public async Task A_state_that_is_too_large_counts()
    {
        await using var probe = Patient.Probe(o => (o.MaxStateSize, o.MaxCrashes) = (1_000, 1));
        await probe.CallAsync(new Increment());
        await Assert.ThrowsAsync<StateTooLargeException>(() => probe.CallAsync(new Grow(2_000)));
        await probe.SettleAsync();
        Assert.Equal(ServerStatus.PermanentlyCrashed, await probe.StatusAsync());
    }

    [Fact]
    public async Task A_crash_that_cannot_be_written_is_not_held_against_the_server()
    {
        await using var probe = Patient.Probe(o => o.MaxCrashes = 1);
        await probe.StartAsync();
        probe.FailNextSave();
        await Assert.ThrowsAsync<HandlerFailedException>(() => probe.CallAsync(new Crash("boom")));
        Assert.Equal(0, await probe.CallAsync(new GetCount()));
        Assert.Empty((await probe.Server.InfoAsync())!.Crashes);
    }

    [Fact]
    public async Task A_crash_while_another_node_owns_the_record_changes_nothing_of_it()
    {
        await using var probe = Patient.Probe(o => o.MaxCrashes = 1);
        await probe.CallAsync(new Increment());
        await using var other = probe.OnAnotherNode();
        Assert.Equal(1, await other.CallAsync(new GetCount()));
        await Assert.ThrowsAsync<HandlerFailedException>(() => probe.CallAsync(new Crash("boom")));
        await probe.SettleAsync();
        Assert.False(probe.IsRunning);
        Assert.Equal(ServerStatus.Running, await other.StatusAsync());
        Assert.Equal(2, await other.CallAsync(new Increment()));
    }

    [Fact]
    public async Task Calls_that_wait_for_the_crash_to_be_written_are_answered_by_the_next_incarnation_or_refused()
    {
        await using var probe = Patient.Probe(o => o.MaxCrashes = 2);
        await probe.StartAsync();
        foreach (var isLast in new[] { false, true })
        {
            Task<int> call;
            Task<ServerInfo?> info;
            using (probe.HoldSaves())
            {
                await Assert.ThrowsAsync<HandlerFailedException>(() => probe.CallAsync(new Crash("boom")));
                call = probe.CallAsync(new GetCount());
                info = probe.Server.InfoAsync().AsTask();
                await probe.SettleAsync();
                Assert.False(call.IsCompleted);
            }

            if (isLast)
            {
                await Assert.ThrowsAsync<ServerCrashedException>(() => call);
                Assert.Equal(ServerStatus.PermanentlyCrashed, (await info)!.Status);
            }
            else
            {
                Assert.Equal(0, await call);
                Assert.NotNull(await info);
            }
        }
    }

    [Fact]
    public async Task A_start_that_waits_for_the_last_crash_to_be_written_is_granted()
    {
        await using var probe = Patient.Probe(o => o.MaxCrashes = 1);
        await probe.StartAsync();
        Task<int> call;
        Task<StartOutcome> start;
        using (probe.HoldSaves())
        {
            await Assert.ThrowsAsync<HandlerFailedException>(() => probe.CallAsync(new Crash("boom")));
            call = probe.CallAsync(new GetCount());
            start = probe.Server.StartAsync().AsTask();
            await probe.SettleAsync();
        }

        await Assert.ThrowsAsync<ServerCrashedException>(() => call);
        Assert.Equal(StartOutcome.Resumed, await start);
    }

    [Fact]
    public async Task What_operators_ask_of_a_server_that_just_crashed_for_good_was_refused()
    {
        foreach (var last in new[] { ServerStatus.Cordoned, ServerStatus.StoppedPermanent, default(ServerStatus?) })
        {
            await using var probe = Patient.Probe(o => o.MaxCrashes = 1);
            await probe.StartAsync();
            Task<int> call;
            Task<bool> asked;
            using (probe.HoldSaves())
            {
                await Assert.ThrowsAsync<HandlerFailedException>(() => probe.CallAsync(new Crash("boom")));
                call = probe.CallAsync(new GetCount());
                asked = last switch
                {
                    ServerStatus.Cordoned => probe.Server.CordonAsync().AsTask(),
                    ServerStatus.StoppedPermanent => probe.Server.StopPermanentlyAsync().AsTask(),
                    _ => probe.Server.DeleteAsync().AsTask(),
                };
                await probe.SettleAsync();
            }

            await Assert.ThrowsAsync<ServerCrashedException>(() => call);
            Assert.True(await asked);
            Assert.Equal(last, await probe.StatusAsync());
        }
    }

    [Fact]
    public async Task A_stop_of_the_shard_while_a_crash_is_written_ends_it_and_calls_go_on_elsewhere()
    {
        await using var probe = Patient.Probe();
        await probe.CallAsync(new Increment());
        Task<int> call;
        using (probe.HoldSaves())
        {
            await Assert.ThrowsAsync<HandlerFailedException>(() => probe.CallAsync(new Crash("boom")));
            call = probe.CallAsync(new GetCount());
            await probe.InfoAsync(Internal.Runtime.StopServer.Instance);
        }

        Assert.Equal(1, await call);
        Assert.Single((await probe.Server.InfoAsync())!.Crashes);
    }

    [Fact]
    public async Task A_crash_after_a_save_of_unknown_outcome_took_the_server_for_lost()
    {
        var store = new UncertainStore();
        await using var probe = Patient.Probe(o => o.Permanent = true, store: store);
        await probe.CallAsync(new Increment());
        store.FailAfterNext = true;
        Task<int> call;
        using (probe.HoldSaves())
        {
            call = probe.CallAsync(new Increment());
            await Assert.ThrowsAsync<HandlerFailedException>(() => probe.CallAsync(new Crash("boom")));
        }

        await Assert.ThrowsAsync<SaveFailedException>(() => call);
        await probe.SettleAsync();
        Assert.True(probe.IsRunning);
        Assert.Equal(2, await probe.CallAsync(new GetCount()));
        Assert.Empty((await probe.Server.InfoAsync())!.Crashes);
    }

    private sealed class UncertainStore() : DelegatingStateStore(new InMemoryStateStore())
    {
        public bool FailAfterNext { get; set; }

        public override async ValueTask<SaveOutcome> SaveAsync(SaveRequest request, CancellationToken cancellationToken = default)
        {
            var outcome = await Inner.SaveAsync(request, cancellationToken);
            if (!FailAfterNext)
            {
                return outcome;
            }

            FailAfterNext = false;
            throw new StoreUnavailableException("It is not known whether it was written.");
        }
    }
}
