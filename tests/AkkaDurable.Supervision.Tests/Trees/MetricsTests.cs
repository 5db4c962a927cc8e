using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using AkkaDurable.Supervision.Tests.Support;

namespace AkkaDurable.Supervision.Tests.Trees;

/// <summary>What supervision tells by the meter "AkkaDurable".</summary>
public sealed class MetricsTests : TreeTest
{
    [Fact]
    public async Task Restarts_are_counted_by_tree_and_strategy_and_never_by_child()
    {
        var root = $"tree-{Guid.NewGuid():N}";
        var told = new ConcurrentQueue<(long Value, Dictionary<string, object?> Tags)>();
        using var listener = Listen(root, told);
        var tree = await StartAsync(Supervisor.OneForAll(root, [Child("a"), Child("b"), Child("helper", Restart.Temporary)]), "start a", "start b", "start helper");
        Assert.Empty(told);

        Probe.Crash(tree.Child("a"));
        await Log.ExpectAsync("stop a", "stop helper", "stop b", "start a", "start b");
        await Eventually(() => told.Sum(one => one.Value) == 2);

        Assert.All(told, one => Assert.Equal(("one_for_all", 2), (one.Tags["akka_durable.strategy"], one.Tags.Count)));
    }

    [Fact]
    public async Task Restarts_below_a_dynamic_supervisor_are_counted_too()
    {
        var root = $"tree-{Guid.NewGuid():N}";
        var told = new ConcurrentQueue<(long Value, Dictionary<string, object?> Tags)>();
        using var listener = Listen(root, told);
        var tree = await StartAsync(Supervisor.Dynamic(root));
        var child = (await tree.Dynamic().StartChildAsync(Child("any"))).OrThrow();
        await Log.ExpectAsync("start any");
        Assert.Empty(told);

        Probe.Crash(child.Child);
        await Log.ExpectAsync("stop any", "start any");
        await Eventually(() => !told.IsEmpty);

        Assert.Equal((1L, "dynamic"), (told.Single().Value, told.Single().Tags["akka_durable.strategy"]));
    }

    private static async Task Eventually(Func<bool> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!isSo())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    // Other tests run at the same time, with trees of other names.
    private static MeterListener Listen(string root, ConcurrentQueue<(long Value, Dictionary<string, object?> Tags)> told)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument is { Meter.Name: "AkkaDurable", Name: "akka_durable.supervisor.restarts" })
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            var all = new Dictionary<string, object?>(tags.ToArray());
            if (root.Equals(all["akka_durable.tree"]))
            {
                told.Enqueue((value, all));
            }
        });
        listener.Start();
        return listener;
    }
}
