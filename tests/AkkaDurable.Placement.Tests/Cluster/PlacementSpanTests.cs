using System.Collections.Concurrent;
using System.Diagnostics;

namespace AkkaDurable.Placement.Tests.Cluster;

/// <summary>The spans of operators' commands.</summary>
public sealed class PlacementSpanTests
{
    [Fact]
    public async Task A_command_is_a_span_that_says_what_became_of_it()
    {
        var nowhere = $"akka.tcp://plain@{Guid.NewGuid():N}:1";
        await using var node = await PlainNode.StartAsync(new NodeLocation("eu"), new InMemoryPlacementHistory());
        await Eventually.TrueAsync(() => node.Control.Nodes.Count == 1, "the node knows itself");
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "AkkaDurable",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                // Other tests run at the same time.
                if (span.GetTagItem("akka_durable.node") is string about && (about == node.Address || about == nowhere))
                {
                    spans.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var operating = new Activity("operator").Start();
        await node.Control.CordonAsync(node.Address);
        await node.Control.RehomeAsync(PlainNode.TypeName, "eu~1", nowhere);

        Assert.Equal(["cordon node", "rehome greeter"], spans.Select(span => span.DisplayName));
        Assert.All(spans, span => Assert.Equal(operating.SpanId, span.ParentSpanId));
        var (cordon, rehome) = (spans.First(), spans.Last());
        Assert.Equal((ActivityStatusCode.Unset, "Done"), (cordon.Status, cordon.GetTagItem("akka_durable.outcome")));
        Assert.Equal((ActivityStatusCode.Error, "NoSuchNode"), (rehome.Status, rehome.GetTagItem("akka_durable.outcome")));
        Assert.Equal(("greeter", "eu~1"), (rehome.GetTagItem("akka_durable.type"), rehome.GetTagItem("akka_durable.shard")));
        Assert.Same(operating, Activity.Current);
    }
}
