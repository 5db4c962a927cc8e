using AkkaDurable.Internal.Runtime;
using AkkaDurable.TestKit;

namespace AkkaDurable.Tests.Healing;

/// <summary>Each way to stop a server: what is stored, what who stopped it gets, what the next call gets, and what the next start gets.</summary>
public sealed class StopModeTests
{
    private const string Stopped = nameof(ServerStoppedException);
    private const string Cordoned = nameof(ServerCordonedException);
    private const string Resumed = nameof(StartOutcome.Resumed);
    private const string Created = nameof(StartOutcome.Created);

    // The count is 1 before; a handler that stops adds one; a reply is 100.
    public static TheoryData<string, string, string, string, string, string> Modes => new()
    {
        { "call with reply", "normal", "100", "StoppedGraceful", "2", Resumed },
        { "call with reply", "shutdown", "100", "StoppedGraceful", "2", Resumed },
        { "call with reply", "permanent", "100", "StoppedPermanent", Stopped, Resumed },
        { "call with reply", "cordon", "100", "Cordoned", Cordoned, Cordoned },
        { "call with reply", "delete", "100", "none", "0", Created },
        { "call with reply", "error", nameof(HandlerFailedException), "Crashed", "1", Resumed },

        { "call", "normal", nameof(ServerStoppingException), "StoppedGraceful", "2", Resumed },
        { "call", "shutdown", nameof(ServerStoppingException), "StoppedGraceful", "2", Resumed },
        { "call", "permanent", nameof(ServerStoppingException), "StoppedPermanent", Stopped, Resumed },
        { "call", "cordon", nameof(ServerStoppingException), "Cordoned", Cordoned, Cordoned },
        { "call", "delete", nameof(ServerStoppingException), "none", "0", Created },
        { "call", "error", nameof(ServerStoppingException), "Crashed", "1", Resumed },

        { "cast", "normal", "", "StoppedGraceful", "2", Resumed },
        { "cast", "shutdown", "", "StoppedGraceful", "2", Resumed },
        { "cast", "permanent", "", "StoppedPermanent", Stopped, Resumed },
        { "cast", "cordon", "", "Cordoned", Cordoned, Cordoned },
        { "cast", "delete", "", "none", "0", Created },
        { "cast", "error", "", "Crashed", "1", Resumed },

        { "running", "normal", "True", "StoppedGraceful", "1", Resumed },
        { "running", "shutdown", "", "StoppedGraceful", "1", Resumed },
        { "running", "permanent", "True", "StoppedPermanent", Stopped, Resumed },
        { "running", "cordon", "True", "Cordoned", Cordoned, Cordoned },
        { "running", "uncordon", "False", "Running", "1", nameof(ServerAlreadyRunningException) },
        { "running", "delete", "True", "none", "0", Created },
        { "running", "error", "", "Running", "1", nameof(ServerAlreadyRunningException) },

        { "dormant", "normal", "False", "StoppedGraceful", "1", Resumed },
        { "dormant", "shutdown", "", "StoppedGraceful", "1", Resumed },
        { "dormant", "permanent", "True", "StoppedPermanent", Stopped, Resumed },
        { "dormant", "cordon", "True", "Cordoned", Cordoned, Cordoned },
        { "dormant", "uncordon", "False", "StoppedGraceful", "1", Resumed },
        { "dormant", "delete", "True", "none", "0", Created },

        { "stopped for good", "normal", "False", "StoppedPermanent", Stopped, Resumed },
        { "stopped for good", "permanent", "True", "StoppedPermanent", Stopped, Resumed },
        { "stopped for good", "cordon", "True", "Cordoned", Cordoned, Cordoned },
        { "stopped for good", "uncordon", "False", "StoppedPermanent", Stopped, Resumed },
        { "stopped for good", "delete", "True", "none", "0", Created },

        { "crashed for good", "normal", "False", "PermanentlyCrashed", nameof(ServerCrashedException), Resumed },
        { "crashed for good", "permanent", "True", "StoppedPermanent", Stopped, Resumed },
        { "crashed for good", "cordon", "True", "Cordoned", Cordoned, Cordoned },
        { "crashed for good", "uncordon", "False", "PermanentlyCrashed", nameof(ServerCrashedException), Resumed },
        { "crashed for good", "delete", "True", "none", "0", Created },

        { "cordoned", "normal", "False", "Cordoned", Cordoned, Cordoned },
        { "cordoned", "permanent", Cordoned, "Cordoned", Cordoned, Cordoned },
        { "cordoned", "cordon", "False", "Cordoned", Cordoned, Cordoned },
        { "cordoned", "uncordon", "True", "StoppedGraceful", "1", Resumed },
        { "cordoned", "delete", "True", "none", "0", Created },

        { "never there", "normal", "False", "none", "0", Created },
        { "never there", "permanent", "False", "none", "0", Created },
        { "never there", "cordon", "True", "Cordoned", Cordoned, Cordoned },
        { "never there", "uncordon", "False", "none", "0", Created },
        { "never there", "delete", "False", "none", "0", Created },
    };

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Each_stop_leaves_its_status_and_answers(string where, string reason, string answer, string status, string call, string start)
    {
        await using var first = await BeginAsync(where);
        Assert.Equal(answer, await StopAsync(first, where, reason));
        await first.SettleAsync();
        Assert.Equal(status, (await first.StatusAsync())?.ToString() ?? "none");
        Assert.Equal(status == "Running", first.IsRunning);
        Assert.Equal(call, await ShowAsync(() => first.CallAsync(new GetCount())));

        await using var second = await BeginAsync(where);
        await StopAsync(second, where, reason);
        await second.SettleAsync();
        Assert.Equal(start, await ShowAsync(() => second.Server.StartAsync().AsTask()));
    }

    [Fact]
    public async Task A_cordon_holds_on_every_node_after_restarts_and_for_messages_of_all_kinds()
    {
        await using var probe = Patient.Probe(o => o.Permanent = true);
        await probe.CallAsync(new Increment());
        Assert.True(await probe.Server.CordonAsync());
        await probe.CrashAsync();
        await using var other = probe.OnAnotherNode();
        foreach (var node in new[] { probe, other })
        {
            await Assert.ThrowsAsync<ServerCordonedException>(() => node.CallAsync(new GetCount()));
            await Assert.ThrowsAsync<ServerCordonedException>(() => node.Server.StartAsync(new PatientState(9)).AsTask());
            await Assert.ThrowsAsync<ServerCordonedException>(() => node.Server.EnsureStartedAsync().AsTask());
            await node.CastAsync(new LeaveQuietly("delete"));
            Assert.Equal(ServerStatus.Cordoned, (await node.Server.InfoAsync())!.Status);
            Assert.False(await node.Server.IsRunningAsync());
            Assert.False(await node.StopAsync());
        }

        Assert.True(await other.Server.UncordonAsync());
        Assert.Equal(1, await probe.CallAsync(new GetCount()));
    }

    [Fact]
    public async Task Calls_that_wait_behind_a_cordon_are_refused_and_behind_its_end_served()
    {
        await using var probe = Patient.Probe();
        await probe.CallAsync(new Increment());
        var cordon = probe.Server.CordonAsync().AsTask();
        var refused = probe.CallAsync(new GetCount());
        Assert.True(await cordon);
        await Assert.ThrowsAsync<ServerCordonedException>(() => refused);

        var start = probe.Server.StartAsync().AsTask();
        var uncordon = probe.Server.UncordonAsync().AsTask();
        var served = probe.CallAsync(new GetCount());
        await Assert.ThrowsAsync<ServerCordonedException>(() => start);
        Assert.True(await uncordon);
        Assert.Equal(1, await served);
    }

    [Fact]
    public async Task A_failed_save_of_a_cordon_is_told_and_the_server_goes_on()
    {
        await using var probe = Patient.Probe();
        await probe.CallAsync(new Increment());
        probe.FailNextSave();
        await Assert.ThrowsAsync<SaveFailedException>(() => probe.Server.CordonAsync().AsTask());
        Assert.Equal(1, await probe.CallAsync(new GetCount()));
    }

    private static async Task<ServerProbe<PatientState>> BeginAsync(string where)
    {
        var probe = Patient.Probe(o => o.MaxCrashes = where == "crashed for good" ? 1 : 5);
        if (where == "never there")
        {
            return probe;
        }

        await probe.CallAsync(new Increment());
        switch (where)
        {
            case "dormant":
                await probe.StopAsync();
                break;
            case "stopped for good":
                await probe.Server.StopPermanentlyAsync();
                break;
            case "crashed for good":
                await probe.CrashNowAsync();
                break;
            case "cordoned":
                await probe.Server.CordonAsync();
                break;
        }

        await probe.SettleAsync();
        return probe;
    }

    private static async Task<string> StopAsync(ServerProbe<PatientState> probe, string where, string reason)
    {
        switch (where, reason)
        {
            case ("call with reply" or "call", _):
                return await ShowAsync(() => probe.CallAsync(new Leave(reason, where == "call with reply")));
            case ("cast", _):
                await probe.CastAsync(new LeaveQuietly(reason));
                return "";
            case (_, "shutdown"):
                // The shard's: it is moved, or the node goes down.
                await probe.InfoAsync(StopServer.Instance);
                return "";
            case (_, "error"):
                await Assert.ThrowsAsync<HandlerFailedException>(() => probe.CallAsync(new Crash("boom")));
                return "";
            default:
                return await ShowAsync(() => reason switch
                {
                    "normal" => probe.Server.StopAsync().AsTask(),
                    "permanent" => probe.Server.StopPermanentlyAsync().AsTask(),
                    "cordon" => probe.Server.CordonAsync().AsTask(),
                    "uncordon" => probe.Server.UncordonAsync().AsTask(),
                    _ => probe.Server.DeleteAsync().AsTask(),
                });
        }
    }

    private static async Task<string> ShowAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return $"{await ask()}";
        }
        catch (DurableServerException error)
        {
            return error.GetType().Name;
        }
    }
}
