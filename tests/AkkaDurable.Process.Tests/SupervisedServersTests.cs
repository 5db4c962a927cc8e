using System.Threading.Channels;
using Akka.Actor;
using AkkaDurable.Supervision;
using ChangeStats;
using Xunit.Abstractions;

namespace AkkaDurable.Process.Tests;

/// <summary>Durable servers of several processes in one supervision tree.</summary>
public sealed class SupervisedServersTests(ITestOutputHelper output)
{
    private readonly Channel<string> _log = Channel.CreateUnbounded<string>();

    [Fact]
    public async Task When_the_process_of_a_server_is_killed_it_and_what_depends_on_it_are_restarted_and_what_stands_before_it_is_not()
    {
        await using var cluster = await ProcessCluster.StartAsync(postgres: false, output);
        var victim = cluster[2];
        var (before, feed, behind) = (await KeyAsync(cluster, "before", port => port != victim.Port), await KeyAsync(cluster, "feed", port => port == victim.Port), await KeyAsync(cluster, "behind", port => port != victim.Port));
        Assert.Equal(7, await CountAsync(cluster, feed, 7));
        var (beforeEpoch, feedEpoch) = (await EpochAsync(cluster, before), await EpochAsync(cluster, feed));

        var options = new DurableChildOptions { CheckEvery = TimeSpan.FromMilliseconds(200) };
        var tree = await SupervisionTree.StartAsync(
            cluster.Client.System,
            Supervisor.RestForOne("tree",
            [
                DurableChild.Server<FileStats>("before", before, options),
                ChildSpec.Worker("bystander", Props.Create(() => new Noted("bystander", _log))),
                DurableChild.Server<FileStats>("feed", feed, options),
                ChildSpec.Worker("reader", Props.Create(() => new Noted("reader", _log))),
                DurableChild.Server<FileStats>("behind", behind, options),
            ]) with { Intensity = new(100, TimeSpan.FromMinutes(1)) },
            new SupervisionOptions { OnRootExit = (_, _) => _log.Writer.TryWrite("the root ended") },
            cluster.Deadline);
        await ExpectAsync(cluster, "start bystander", "start reader");

        await cluster.KillAsync(2);

        await ExpectAsync(cluster, "stop reader", "start reader");
        // Answered when the restart is over: "behind" has started by then.
        await tree.Root.TerminateChildAsync("no such child", cluster.Deadline);
        var children = await tree.Root.WhichChildrenAsync(cluster.Deadline);
        output.WriteLine((await tree.SnapshotAsync(cluster.Deadline)).ToString());
        Assert.Equal([0, 0], children.Take(2).Select(child => child.Restarts));
        Assert.All(children.Skip(2), child => Assert.True(child.Restarts >= 1, child.Id));
        Assert.All(children, child => Assert.Equal(ChildStatus.Running, child.Status));
        Assert.Equal(beforeEpoch, await EpochAsync(cluster, before));
        Assert.True(await EpochAsync(cluster, feed) > feedEpoch);
        Assert.Equal(8, await CountAsync(cluster, feed, 1));
        Assert.False(_log.Reader.TryPeek(out var more), more);
        await tree.StopAsync();
        cluster.Pass("the tree went on");
    }

    /// <summary>A key whose server runs on a node that will do.</summary>
    private static async Task<string> KeyAsync(ProcessCluster cluster, string prefix, Func<int?, bool> willDo)
    {
        for (var number = 1; number <= 200; number++)
        {
            var server = cluster.Client.Servers[$"{prefix}-{number}"];
            await server.EnsureStartedAsync(cancellationToken: cluster.Deadline);
            if (await server.InfoAsync(cancellationToken: cluster.Deadline) is { } info && willDo(Address.Parse(info.Node).Port))
            {
                return server.Key;
            }
        }

        throw new InvalidOperationException($"none of 200 keys {prefix}-* is where it is needed");
    }

    private static async Task<long> EpochAsync(ProcessCluster cluster, string key) => (await cluster.Client.Servers[key].InfoAsync(cancellationToken: cluster.Deadline))!.Epoch;

    private static async Task<long> CountAsync(ProcessCluster cluster, string key, int times)
    {
        var count = 0L;
        for (var i = 0; i < times; i++)
        {
            count = await cluster.Client.Servers[key].CallAsync(new CountChange(1, 0), cancellationToken: cluster.Deadline);
        }

        return count;
    }

    private async Task ExpectAsync(ProcessCluster cluster, params string[] expected)
    {
        foreach (var entry in expected)
        {
            Assert.Equal(entry, await _log.Reader.ReadAsync(cluster.Deadline));
            cluster.Phase(entry);
        }
    }

    private sealed class Noted : UntypedActor
    {
        private readonly string _id;
        private readonly Channel<string> _log;

        public Noted(string id, Channel<string> log) => (_id, _log) = (id, log);

        protected override void PreStart() => _log.Writer.TryWrite($"start {_id}");

        protected override void PostStop() => _log.Writer.TryWrite($"stop {_id}");

        protected override void OnReceive(object message)
        {
        }
    }
}
