using System.Collections.Concurrent;
using System.Diagnostics;

namespace AkkaDurable.Cluster.Tests;

/// <summary>One trace over two nodes. Whoever listens to the source does so in the whole process.</summary>
[Collection(Alone.Name)]
public sealed class TraceTests(TwoNodeCluster cluster) : IClassFixture<TwoNodeCluster>, IDisposable
{
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ActivityListener _listener = new();

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task A_trace_goes_on_on_the_node_that_is_called_and_on_the_way_back_to_this_one()
    {
        var far = await cluster.KeyAwayFromAsync(cluster.First, "far");
        var near = await cluster.KeyAwayFromAsync(cluster.Second, "near");
        Listen();
        using var caller = new Activity("caller") { ActivityTraceFlags = ActivityTraceFlags.Recorded, TraceStateString = "shop=1" }.Start();
        await cluster.FromFirst[far].CallAsync(new AskOther(near));

        var (first, second) = (cluster.First.Address.ToString(), cluster.Second.Address.ToString());
        var asking = One("tally/AskOther", ActivityKind.Client, far);
        var asked = One("tally/AskOther", ActivityKind.Server, far);
        var counting = One("tally/GetCount", ActivityKind.Client, near);
        var counted = One("tally/GetCount", ActivityKind.Server, near);
        Assert.Equal((caller.SpanId, asking.SpanId, asked.SpanId, counting.SpanId), (asking.ParentSpanId, asked.ParentSpanId, counting.ParentSpanId, counted.ParentSpanId));
        Assert.All([asking, asked, counting, counted], span => Assert.Equal((caller.TraceId, "shop=1"), (span.TraceId, span.TraceStateString)));
        Assert.Equal((second, true), (asked.GetTagItem("akka_durable.node"), asked.HasRemoteParent));
        Assert.Equal((first, true), (counted.GetTagItem("akka_durable.node"), counted.HasRemoteParent));
    }

    [Fact]
    public async Task A_cast_and_the_save_after_it_are_part_of_the_trace_on_the_other_node()
    {
        var far = await cluster.KeyAwayFromAsync(cluster.First, "cast");
        Listen();
        using var caller = new Activity("caller") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
        cluster.FromFirst[far].Cast(new Add(2));
        await Eventually.TrueAsync(() => Task.FromResult(_spans.Any(span => span.DisplayName == "save tally")), "the cast is saved");

        var sent = One("send tally", ActivityKind.Producer, far);
        var processed = One("process tally", ActivityKind.Consumer, far);
        var saved = One("save tally", ActivityKind.Internal, far);
        Assert.Equal((caller.SpanId, sent.SpanId, processed.SpanId), (sent.ParentSpanId, processed.ParentSpanId, saved.ParentSpanId));
        Assert.Equal(cluster.Second.Address.ToString(), saved.GetTagItem("akka_durable.node"));
    }

    [Fact]
    public async Task A_failure_on_the_other_node_is_told_on_both()
    {
        var far = await cluster.KeyAwayFromAsync(cluster.First, "fail");
        Listen();
        using var caller = new Activity("caller") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
        await Assert.ThrowsAsync<HandlerFailedException>(() => cluster.FromFirst[far].CallAsync(new Fail("bäm")).AsTask());
        Assert.Equal(typeof(HandlerFailedException).FullName, One("tally/Fail", ActivityKind.Client, far).GetTagItem("error.type"));
        Assert.Equal(typeof(InvalidOperationException).FullName, One("tally/Fail", ActivityKind.Server, far).GetTagItem("error.type"));
    }

    private void Listen()
    {
        _listener.ShouldListenTo = source => source.Name == DurableTelemetry.ActivitySourceName;
        _listener.Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded;
        _listener.ActivityStopped = _spans.Enqueue;
        ActivitySource.AddActivityListener(_listener);
    }

    private Activity One(string name, ActivityKind kind, string key) =>
        Assert.Single(_spans, span => span.DisplayName == name && span.Kind == kind && (string?)span.GetTagItem("akka_durable.key") == key);
}
