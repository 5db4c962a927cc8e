using System.Diagnostics;
using AkkaDurable.Storage;
using AkkaDurable.TestKit;

namespace AkkaDurable.Tests.Telemetry;

/// <summary>The spans of the source "AkkaDurable", on one node.</summary>
[Collection(SpanTestsAlone.Name)]
public sealed class SpanTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_call_is_a_client_span_below_the_callers_and_a_server_span_below_that()
    {
        using var log = new SpanLog("call");
        await using var probe = ServerProbe.For(new Traced(), key: "call");
        await probe.StartAsync();
        using var caller = new Activity("caller") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
        Assert.Equal(1, await probe.CallAsync(new Step()));

        var client = log.One("probe/Step", ActivityKind.Client);
        var server = log.One("probe/Step", ActivityKind.Server);
        Assert.Equal(caller.SpanId, client.ParentSpanId);
        Assert.Equal(client.SpanId, server.ParentSpanId);
        Assert.Equal((caller.TraceId, caller.TraceId), (client.TraceId, server.TraceId));
        foreach (var span in new[] { client, server })
        {
            Assert.Equal(ActivityStatusCode.Unset, span.Status);
            Assert.Equal("akka_durable", span.GetTagItem("rpc.system"));
            Assert.Equal("probe", span.GetTagItem("rpc.service"));
            Assert.Equal("Step", span.GetTagItem("rpc.method"));
            Assert.Equal("probe", span.GetTagItem("akka_durable.type"));
            Assert.Equal("call", span.GetTagItem("akka_durable.key"));
        }

        Assert.NotNull(server.GetTagItem("akka_durable.node"));
        Assert.True(client.Duration >= server.Duration);
    }

    [Fact]
    public async Task The_callers_own_span_stays_current()
    {
        using var log = new SpanLog("current");
        await using var probe = ServerProbe.For(new Traced(), key: "current");
        using var caller = new Activity("caller") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
        var call = probe.CallAsync(new Step());
        Assert.Same(caller, Activity.Current);
        await call;
        Assert.Same(caller, Activity.Current);
        await probe.CastAsync(new Poke());
        Assert.Same(caller, Activity.Current);
    }

    [Fact]
    public async Task What_a_handler_does_is_below_its_span_also_after_an_await()
    {
        using var log = new SpanLog("within");
        await using var probe = ServerProbe.For(new Traced(), key: "within");
        var seen = await probe.CallAsync(new Peek());
        Assert.Equal(log.One("probe/Peek", ActivityKind.Server).Id, seen);

        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var late = probe.CallAsync(new PeekLater(gate.Task));
        gate.SetResult();
        Assert.Equal(await late, log.One("probe/PeekLater", ActivityKind.Server).Id);
    }

    [Fact]
    public async Task A_cast_is_a_producer_span_and_a_consumer_span()
    {
        using var log = new SpanLog("cast");
        await using var probe = ServerProbe.For(new Traced(), key: "cast");
        await probe.CastAsync(new Poke());

        var producer = log.One("send probe", ActivityKind.Producer);
        var consumer = log.One("process probe", ActivityKind.Consumer);
        Assert.Equal(producer.SpanId, consumer.ParentSpanId);
        Assert.Equal(["akka_durable", "probe", "send"], new[] { "messaging.system", "messaging.destination.name", "messaging.operation.type" }.Select(producer.GetTagItem));
        Assert.Equal("process", consumer.GetTagItem("messaging.operation.type"));
    }

    [Fact]
    public async Task What_a_handler_sends_is_below_its_span()
    {
        using var log = new SpanLog("other");
        using var own = new SpanLog("teller");
        await using var probe = ServerProbe.For(new Traced(), key: "teller");
        await probe.CallAsync(new TellOther());
        Assert.Equal(own.One("probe/TellOther", ActivityKind.Server).SpanId, log.One("send probe", ActivityKind.Producer).ParentSpanId);
    }

    [Fact]
    public async Task A_handler_that_throws_fails_both_spans()
    {
        using var log = new SpanLog("broken");
        await using var probe = ServerProbe.For(() => new Traced(), key: "broken");
        await probe.CallAsync(new Step());
        await Assert.ThrowsAsync<HandlerFailedException>(() => probe.CallAsync(new Break()));

        var client = log.One("probe/Break", ActivityKind.Client);
        var server = log.One("probe/Break", ActivityKind.Server);
        Assert.Equal((ActivityStatusCode.Error, ActivityStatusCode.Error), (client.Status, server.Status));
        Assert.Equal(typeof(HandlerFailedException).FullName, client.GetTagItem("error.type"));
        Assert.Equal(typeof(InvalidOperationException).FullName, server.GetTagItem("error.type"));
        Assert.Equal("exception", Assert.Single(server.Events).Name);
    }

    [Fact]
    public async Task A_message_that_no_handler_knows_fails_both_spans()
    {
        using var log = new SpanLog("unknown");
        await using var probe = ServerProbe.For(() => new Traced(), key: "unknown");
        await Assert.ThrowsAsync<UnknownMessageException>(() => probe.CallAsync(new Unknown()));
        Assert.Equal(typeof(UnknownMessageException).FullName, log.One("probe/Unknown", ActivityKind.Client).GetTagItem("error.type"));
        Assert.Equal("unhandled", log.One("probe/Unknown", ActivityKind.Server).GetTagItem("error.type"));
    }

    [Fact]
    public async Task A_call_that_was_given_up_ends_its_span()
    {
        using var log = new SpanLog("given-up");
        await using var probe = ServerProbe.For(new Traced(), key: "given-up", configure: options => options.CallTimeout = s_second);
        await probe.StartAsync();
        var call = probe.CallAsync(new Never());
        await probe.SettleAsync();
        await probe.AdvanceAsync(s_second * 2);
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => call);
        Assert.Equal(typeof(OutcomeUnknownException).FullName, log.One("probe/Never", ActivityKind.Client).GetTagItem("error.type"));
        Assert.Equal(ActivityStatusCode.Unset, log.One("probe/Never", ActivityKind.Server).Status);
    }

    [Fact]
    public async Task A_start_is_below_what_it_was_done_for()
    {
        using var log = new SpanLog("start");
        await using var probe = ServerProbe.For(new Traced(), key: "start");
        await probe.CallAsync(new Step());

        var client = log.One("probe/Step", ActivityKind.Client);
        Assert.Equal(client.SpanId, log.One("claim probe", ActivityKind.Internal).ParentSpanId);
        Assert.Equal(client.SpanId, log.One("init probe", ActivityKind.Internal).ParentSpanId);
        Assert.Equal(client.SpanId, log.One("probe/Step", ActivityKind.Server).ParentSpanId);
    }

    [Fact]
    public async Task A_save_is_below_the_first_handler_that_it_covers_and_linked_to_the_others()
    {
        using var log = new SpanLog("save");
        await using var probe = ServerProbe.For(new Traced(), key: "save");
        await probe.StartAsync();
        await probe.SettleAsync();
        var before = log.All.Count;
        var hold = probe.HoldSaves();
        var first = probe.CallAsync(new Step());
        await probe.SettleAsync();
        var others = Enumerable.Range(0, 100).Select(_ => probe.CallAsync(new Step())).ToList();
        await probe.SettleAsync();
        hold.Dispose();
        await Task.WhenAll(others.Append(first));

        var handlers = log.All.Skip(before).Where(span => span is { DisplayName: "probe/Step", Kind: ActivityKind.Server }).ToList();
        var saves = log.All.Skip(before).Where(span => span.DisplayName == "save probe").ToList();
        Assert.Equal(101, handlers.Count);
        Assert.Equal(2, saves.Count);
        Assert.Equal((handlers[0].SpanId, 1), (saves[0].ParentSpanId, saves[0].GetTagItem("akka_durable.save.handlers")));
        Assert.Empty(saves[0].Links);
        Assert.Equal((handlers[1].SpanId, 100), (saves[1].ParentSpanId, saves[1].GetTagItem("akka_durable.save.handlers")));
        Assert.Equal(handlers.Skip(2).Take(64).Select(handler => handler.SpanId), saves[1].Links.Select(link => link.Context.SpanId));
    }

    [Fact]
    public async Task A_save_that_a_handler_waits_for_before_it_may_call_is_below_it()
    {
        using var log = new SpanLog("first");
        await using var probe = ServerProbe.For(new Traced(), key: "first").Stub<Neighbour>((_, _) => 7);
        await probe.CallAsync(new AskOther());

        var handler = log.One("probe/AskOther", ActivityKind.Server);
        var saves = log.All.Where(span => span.DisplayName == "save probe").ToList();
        Assert.NotEmpty(saves);
        Assert.All(saves, save => Assert.Equal(handler.SpanId, save.ParentSpanId));
    }

    [Fact]
    public async Task The_save_of_a_given_state_is_below_Init()
    {
        using var log = new SpanLog("given");
        await using var probe = ServerProbe.For(new Traced(), key: "given");
        await probe.StartAsync(new TracedState(5));
        Assert.Equal(log.One("init probe", ActivityKind.Internal).SpanId, log.One("save probe", ActivityKind.Internal).ParentSpanId);
    }

    [Fact]
    public async Task A_save_that_fails_says_why()
    {
        using var log = new SpanLog("unsaved");
        await using var probe = ServerProbe.For(() => new Traced(), key: "unsaved");
        await probe.CallAsync(new Step());
        probe.FailNextSave(new StoreUnavailableException("gone"));
        await Assert.ThrowsAnyAsync<DurableServerException>(() => probe.CallAsync(new Step()));
        var failed = Assert.Single(log.All, span => span is { DisplayName: "save probe", Status: ActivityStatusCode.Error });
        Assert.Equal(typeof(StoreUnavailableException).FullName, failed.GetTagItem("error.type"));

        await probe.CallAsync(new Step());
        await probe.Store.ClaimAsync(new ClaimRequest(probe.Id, 99, "elsewhere", true, 1));
        await Assert.ThrowsAsync<OwnershipLostException>(() => probe.CallAsync(new Step()));
        Assert.Contains(log.All, span => span.DisplayName == "save probe" && (string?)span.GetTagItem("error.type") == "conflict");
    }

    [Fact]
    public async Task A_step_and_a_timer_that_fires_once_are_below_the_handler_that_asked_for_them()
    {
        using var log = new SpanLog("later");
        await using var probe = ServerProbe.For(new Traced(), key: "later");
        await probe.CastAsync(new StepThen("continue"));
        Assert.Equal(log.One("process probe", ActivityKind.Consumer).SpanId, log.One("continue probe", ActivityKind.Internal).ParentSpanId);

        await probe.CastAsync(new StepThen("once"));
        var asked = log.All.Last(span => span.DisplayName == "process probe");
        await probe.AdvanceAsync(s_second);
        var timer = log.One("timer probe", ActivityKind.Internal);
        Assert.Equal((asked.SpanId, "t"), (timer.ParentSpanId, timer.GetTagItem("akka_durable.timer")));
    }

    [Fact]
    public async Task Each_tick_of_a_periodic_timer_is_a_trace_of_its_own_with_a_link()
    {
        using var log = new SpanLog("ticks");
        await using var probe = ServerProbe.For(new Traced(), key: "ticks");
        await probe.CastAsync(new StepThen("periodic"));
        await probe.AdvanceAsync(s_second);
        await probe.AdvanceAsync(s_second);
        var asked = log.One("process probe", ActivityKind.Consumer);
        var ticks = log.All.Where(span => span.DisplayName == "timer probe").ToList();
        Assert.Equal(2, ticks.Count);
        Assert.All(ticks, tick => Assert.Equal((default, asked.SpanId), (tick.ParentSpanId, Assert.Single(tick.Links).Context.SpanId)));
        Assert.Equal(3, ticks.Select(tick => tick.TraceId).Append(asked.TraceId).Distinct().Count());
    }

    [Fact]
    public async Task A_stop_is_below_the_request_for_it_and_the_last_save_below_Terminate()
    {
        using var log = new SpanLog("stop");
        await using var probe = ServerProbe.For(new Traced(), key: "stop");
        await probe.CallAsync(new Step());
        await probe.StopAsync();
        var asked = log.One("probe/Stop", ActivityKind.Client);
        var terminate = log.One("terminate probe", ActivityKind.Internal);
        Assert.Equal(asked.SpanId, terminate.ParentSpanId);
        Assert.Equal(terminate.SpanId, log.All.Last(span => span.DisplayName == "save probe").ParentSpanId);
    }

    [Fact]
    public async Task A_server_that_is_lost_while_its_handler_runs_ends_its_span_with_the_handler()
    {
        using var log = new SpanLog("lost");
        await using var probe = ServerProbe.For(() => new Traced(), key: "lost");
        await probe.CallAsync(new Step());
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var call = probe.CallAsync(new PeekLater(gate.Task));
        await probe.CrashAsync();
        Assert.DoesNotContain(log.All, span => span is { DisplayName: "probe/PeekLater", Kind: ActivityKind.Server });
        gate.SetResult();
        Assert.Equal(ActivityKind.Server, (await log.NextAsync("probe/PeekLater")).Kind);
    }

    [Fact]
    public async Task What_the_sampler_did_not_choose_stays_unchosen_all_the_way()
    {
        using var log = new SpanLog("unchosen");
        await using var probe = ServerProbe.For(new Traced(), key: "unchosen");
        using var caller = new Activity("caller").Start();
        Assert.False(caller.Recorded);
        await probe.CallAsync(new Step());
        var seen = await probe.CallAsync(new PeekLater(Task.CompletedTask));
        await probe.StopAsync();

        Assert.DoesNotContain(log.All, span => span.Recorded);

        // The trace goes on all the same: its handler passes it on.
        Assert.True(ActivityContext.TryParse(seen, null, out var passedOn));
        Assert.Equal((caller.TraceId, ActivityTraceFlags.None), (passedOn.TraceId, passedOn.TraceFlags));
    }

    [Fact]
    public async Task While_nobody_listens_nothing_is_traced()
    {
        await using var probe = ServerProbe.For(new Traced(), key: "alone");
        using var caller = new Activity("caller").Start();
        Assert.Null(await probe.CallAsync(new PeekLater(Task.CompletedTask)));
        Assert.Same(caller, Activity.Current);
    }
}
