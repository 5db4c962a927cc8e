using Akka.Actor;
using Akka.Event;
using Akka.Hosting;
using AkkaDurable.Management.Tests.Palettes;
using AkkaDurable.Storage;
using AkkaDurable.Supervision;
using Microsoft.AspNetCore.Builder;

namespace AkkaDurable.Management.Tests.Relay;

public sealed class RelayTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    [Fact]
    public async Task A_node_shows_what_another_one_is_and_its_trees()
    {
        var info = await nodes.Eu.RowAsync($"system info -n {HostAndPort(nodes.Us)}");
        Assert.Equal((nodes.Us.Address, "bank", (long)Environment.ProcessId), (info["node"], info["system"], info["process"]));
        var tree = await nodes.Eu.RowsAsync($"tree show bank-tree -n {nodes.Us.Address}");
        Assert.Equal(["bank-tree", "bank-tree/desks", "bank-tree/desks/clerk"], tree.Select(row => row["path"]));
        Assert.Equal([0, 1, 2], tree.Select(row => row.Depth));
        Assert.All(tree, row => Assert.Equal(nodes.Us.Address, row["node"]));
        Assert.NotEmpty(await nodes.Eu.RowsAsync($"system config akka.cluster -n {nodes.Us.Address}"));
    }

    [Fact]
    public async Task All_nodes_are_asked_at_once_and_each_row_says_which_one_it_is_from()
    {
        string[] both = [.. new[] { nodes.Eu.Address, nodes.Us.Address }.Order(StringComparer.Ordinal)];

        Assert.Equal(both, (await nodes.Us.RowsAsync("system info -all")).Select(row => row["node"]));
        Assert.Equal(both, (await nodes.Us.RowsAsync("log level -all")).Select(row => row["node"]));
        var trees = await nodes.Eu.RowsAsync("tree show -all");
        Assert.Equal([both[0], both[0], both[0], both[1], both[1], both[1]], trees.Select(row => row["node"]));
        Assert.Equal(CommandErrorKind.InvalidValue, (await nodes.Eu.RefusalAsync($"tree show -all -n {nodes.Us.Address}")).Kind);
    }

    [Fact]
    public async Task A_child_on_another_node_is_stopped_started_and_restarted()
    {
        Assert.Equal("Stopped", (await nodes.Us.RowAsync($"tree stop bank-tree/desks/clerk -n {nodes.Eu.Address}"))["outcome"]);
        Assert.Equal(ChildStatus.Stopped, (await ClerkAsync(nodes.Eu))["status"]);
        Assert.Equal(ChildStatus.Running, (await ClerkAsync(nodes.Us))["status"]);
        var started = await nodes.Us.RowAsync($"tree start bank-tree/desks/clerk -n {nodes.Eu.Address}");
        Assert.Equal(("Started", nodes.Eu.Address), (started["outcome"], started["node"]));
        Assert.Equal("Restarted", (await nodes.Us.RowAsync($"tree restart bank-tree/desks/clerk -n {nodes.Eu.Address}"))["outcome"]);
        Assert.Equal(ChildStatus.Running, (await ClerkAsync(nodes.Eu))["status"]);

        static Task<CommandOutput.Row> ClerkAsync(ManagedNode node) => FindAsync(node.RowsAsync("tree show"));

        static async Task<CommandOutput.Row> FindAsync(Task<CommandOutput.Row[]> rows) => Assert.Single(await rows, row => row["id"] is "clerk");
    }

    [Fact]
    public async Task What_the_other_node_refuses_comes_back_with_its_name()
    {
        var tree = await nodes.Eu.RefusalAsync($"tree show orchard -n {nodes.Us.Address}");
        Assert.Equal((CommandErrorKind.NotFound, $"{nodes.Us.Address}: no tree orchard runs on this node; there are bank-tree"), (tree.Kind, tree.Message));
        Assert.Equal(CommandErrorKind.NotFound, (await nodes.Eu.RefusalAsync($"system config nothing.at.all -n {nodes.Us.Address}")).Kind);
        var stranger = await nodes.Eu.RefusalAsync("system info -n 10.0.0.7:8110");
        Assert.Equal(CommandErrorKind.NotFound, stranger.Kind);
        Assert.StartsWith("the cluster has no member 10.0.0.7:8110", stranger.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_of_another_node_is_followed_until_nobody_reads()
    {
        await using (var tail = Tail(nodes.Eu, $"log tail -m needle -n {nodes.Us.Address}"))
        {
            var next = tail.MoveNextAsync().AsTask();
            await PublishUntilAsync(nodes.Us, "a needle", next);
            var row = Assert.IsType<CommandOutput.Row>(tail.Current);
            Assert.Equal(("a needle", "WarningLevel", nodes.Us.Address), (row["message"], row["level"], row["node"]));
            Assert.True(await HasRunsAsync(nodes.Us));
        }

        await Eventually.TrueAsync(async () => !await HasRunsAsync(nodes.Us), "the other node ends what nobody reads any more");
    }

    [Fact]
    public async Task The_logs_of_all_nodes_are_followed_as_one()
    {
        await using var tail = Tail(nodes.Eu, "log tail -m haystack -all");
        var seen = new HashSet<object?>();
        while (seen.Count < 2)
        {
            var next = tail.MoveNextAsync().AsTask();
            await PublishUntilAsync(nodes.Us, "a haystack", next, nodes.Eu);
            seen.Add(Assert.IsType<CommandOutput.Row>(tail.Current)["node"]);
        }

        Assert.Equal(new object?[] { nodes.Eu.Address, nodes.Us.Address }.Order(), seen.Order());
    }

    [Fact]
    public async Task A_slow_reader_costs_the_other_node_no_more_than_what_waits_and_is_told_what_it_lost()
    {
        await using var tail = Tail(nodes.Eu, $"log tail -m flood -n {nodes.Us.Address}");
        await PublishUntilAsync(nodes.Us, "flood begins", tail.MoveNextAsync().AsTask());

        for (var i = 0; i < 20_000; i++)
        {
            nodes.Us.System.EventStream.Publish(new Warning(null, "flood", typeof(RelayTests), $"flood {i}"));
        }

        var got = 0;
        while (await tail.MoveNextAsync() && tail.Current is CommandOutput.Row)
        {
            got++;
        }

        Assert.Matches(@"^\d+ events were lost here: they came faster than they were read$", Assert.IsType<CommandOutput.Partial>(tail.Current).Text);
        Assert.InRange(got, 0, 10_000);
        CommandOutput.Row? last = null;
        while (last?["message"] is not "flood 19999")
        {
            Assert.True(await tail.MoveNextAsync());
            last = tail.Current as CommandOutput.Row ?? last;
        }
    }

    [Fact]
    public async Task The_level_is_set_on_another_node_only()
    {
        var before = (string)(await nodes.Eu.RowAsync("log level"))["level"]!;
        try
        {
            var set = await nodes.Eu.RowAsync($"log set-level error -n {nodes.Us.Address}");
            Assert.Equal(("error", nodes.Us.Address), (set["level"], set["node"]));
            Assert.Equal(before, (await nodes.Eu.RowAsync("log level"))["level"]);
            Assert.Equal("error", (await nodes.Us.RowAsync("log level"))["level"]);
        }
        finally
        {
            await nodes.Eu.RunAsync($"log set-level {before} -all");
        }

        Assert.Equal(before, (await nodes.Us.RowAsync("log level"))["level"]);
    }

    [Fact]
    public async Task A_node_that_is_lost_in_the_middle_is_named_and_costs_the_others_nothing()
    {
        await using var store = new InMemoryStateStore();
        await using var here = await ManagedNode.StartAsync(store, "eu", map: Map);
        var lost = await ManagedNode.StartAsync(store, "us", here, map: Map, akka: akka => akka.AddHocon("akka.coordinated-shutdown.run-by-actor-system-terminate = off", HoconAddMode.Prepend));
        try
        {
            await Eventually.TrueAsync(async () => (await here.RowsAsync("system info -all")).Length == 2, "both answer");
            var one = Tail(here, $"log tail -m haystack -n {lost.Address} --timeout 2s");

            // Until a line of it is here, this node cannot know that it was begun there.
            await PublishUntilAsync(lost, "a haystack", one.MoveNextAsync().AsTask());
            var ofOne = Task.Run(async () =>
            {
                while (await one.MoveNextAsync())
                {
                }
            });
            var all = Tail(here, "log tail -m nothing-at-all -all --timeout 2s");
            var ofAll = all.MoveNextAsync().AsTask();

            await lost.System.Terminate();

            var error = await Assert.ThrowsAsync<CommandException>(() => ofOne);
            Assert.Equal(CommandErrorKind.Unavailable, error.Kind);
            Assert.Matches($"^{lost.Address}( .* in the middle of log tail|: log tail was ended: the node stops)", error.Message);
            Assert.True(await ofAll);
            Assert.Equal(lost.Address, Assert.IsType<CommandOutput.Partial>(all.Current).Node);
            var partial = await here.RunAsync("system info -all --timeout 500ms");
            Assert.Equal(here.Address, Assert.Single(partial.OfType<CommandOutput.Row>())["node"]);
            var refused = await here.RefusalAsync($"tree show -n {lost.Address} --timeout 500ms");

            // On a busy machine the cluster may have put it out by now.
            if (here.Cluster.State.Members.Count == 2)
            {
                Assert.Equal(lost.Address, Assert.Single(partial.OfType<CommandOutput.Partial>()).Node);
                Assert.Equal(CommandErrorKind.Unavailable, refused.Kind);
            }
            else
            {
                Assert.Contains(refused.Kind, new[] { CommandErrorKind.Unavailable, CommandErrorKind.NotFound });
            }
        }
        finally
        {
            await lost.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_node_without_an_admin_api_says_so_at_once()
    {
        await using var store = new InMemoryStateStore();
        await using var here = await ManagedNode.StartAsync(store, "eu");
        await using var bare = await ManagedNode.StartAsync(store, "us", here);
        await Eventually.TrueAsync(async () => (await here.RowsAsync("cluster show")).Count(row => row["status"] is Akka.Cluster.MemberStatus.Up) == 2, "both are up");

        var refused = await here.RefusalAsync($"system info -n {bare.Address} --timeout 30s");

        Assert.Equal(CommandErrorKind.Unavailable, refused.Kind);
        Assert.StartsWith($"{bare.Address} runs no admin API", refused.Message, StringComparison.Ordinal);
    }

    private static void Map(WebApplication app) => app.MapAkkaDurable();

    private static string HostAndPort(ManagedNode node) => $"{node.Cluster.SelfAddress.Host}:{node.Cluster.SelfAddress.Port}";

    private static IAsyncEnumerator<CommandOutput> Tail(ManagedNode node, string command)
    {
        var end = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return DurableCommands.CatalogWith().Parse(command.Split(' ')).RunAsync(node.System, node.Services, cancellationToken: end.Token).GetAsyncEnumerator(end.Token);
    }

    // Who follows a log does not say when it has begun.
    private static async Task PublishUntilAsync(ManagedNode node, string message, Task<bool> read, params ManagedNode[] more)
    {
        await Eventually.TrueAsync(
            () =>
            {
                foreach (var each in more.Prepend(node))
                {
                    each.System.EventStream.Publish(new Warning(null, "test", typeof(RelayTests), message));
                }

                return Task.FromResult(read.IsCompleted);
            },
            $"\"{message}\" is read");
        Assert.True(await read);
    }

    private static async Task<bool> HasRunsAsync(ManagedNode node)
    {
        try
        {
            await node.System.ActorSelection("/system/akka-durable-admin/*").ResolveOne(TimeSpan.FromSeconds(1));
            return true;
        }
        catch (ActorNotFoundException)
        {
            return false;
        }
    }
}
