using AkkaDurable.Internal.Runtime;
using AkkaDurable.Storage;

namespace AkkaDurable.Cluster.Tests;

public sealed class ShortcutTests
{
    [Fact]
    public async Task A_server_that_is_called_again_opens_a_shortcut_and_closes_it_when_it_stops()
    {
        await using var node = await TestNode.StartAsync(new InMemoryStateStore());
        var tallies = await node.Servers.RegisterAsync<Tally>("tally", Options());
        var shortcuts = ShortcutsOf(node, "tally");
        await tallies["a"].CallAsync(new GetCount());
        Assert.Equal(0, shortcuts.Count);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(i + 1, await tallies["a"].CallAsync(new Increment()));
        }

        Assert.Equal(1, shortcuts.Count);
        await tallies["a"].StopAsync();
        await Eventually.TrueAsync(async () => !await tallies["a"].IsRunningAsync(), "a has stopped");
        Assert.Equal(0, shortcuts.Count);
        Assert.Equal(6, await tallies["a"].CallAsync(new Increment()));
        Assert.Equal(7, await tallies["a"].CallAsync(new Increment()));
        Assert.Equal(1, shortcuts.Count);
    }

    [Fact]
    public async Task A_senders_casts_keep_their_order_while_shortcuts_open()
    {
        await using var node = await TestNode.StartAsync(new InMemoryStateStore());
        var sequences = await node.Servers.RegisterAsync<Sequence>("sequence", Options(options => options.Save = SavePolicy.OnStop));
        const int Senders = 4;
        const int Casts = 300;
        for (var key = 0; key < 40; key++)
        {
            var server = sequences[$"s{key}"];
            await Parallel.ForAsync(0, Senders, (sender, _) =>
            {
                for (var i = 1; i <= Casts; i++)
                {
                    server.Cast(new Step(sender, i));
                }

                return ValueTask.CompletedTask;
            });
            await Eventually.TrueAsync(async () => await server.CallAsync(new GetSteps()) == Senders * Casts, "all casts have come");
            Assert.Equal(0, await server.CallAsync(new GetDisordered()));
        }

        Assert.Equal(40, ShortcutsOf(node, "sequence").Count);
    }

    [Fact]
    public async Task Casts_to_servers_that_stop_and_start_all_the_time_are_all_handled()
    {
        await using var node = await TestNode.StartAsync(new InMemoryStateStore());
        var tallies = await node.Servers.RegisterAsync<Tally>("tally", Options(options => options.MaxActiveServers = 4));
        const int Workers = 8;
        const int Rounds = 150;
        await Parallel.ForAsync(0, Workers, async (worker, stopped) =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                var server = tallies[$"k{(worker + i) % 12}"];
                server.Cast(new Add(1));
                server.Cast(new Add(1));
                server.Cast(new Add(1));
                if (i % 10 == worker)
                {
                    await server.StopAsync(cancellationToken: stopped);
                }
                else if (i % 3 == 0)
                {
                    await server.CallAsync(new GetCount(), cancellationToken: stopped);
                }
            }
        });

        await Eventually.TrueAsync(
            async () =>
            {
                var total = 0;
                for (var i = 0; i < 12; i++)
                {
                    total += await tallies[$"k{i}"].CallAsync(new GetCount());
                }

                Assert.True(total <= Workers * Rounds * 3, $"{total} casts were handled, more than were sent.");
                return total == Workers * Rounds * 3;
            },
            "every cast is handled");
    }

    [Fact]
    public async Task Calls_from_another_node_take_the_shortcut_too()
    {
        var store = new InMemoryStateStore();
        await using var host = await TestNode.StartAsync(store, hocon: "akka.cluster.roles = [host]");
        await using var caller = await TestNode.StartAsync(store, host);
        await host.Servers.RegisterAsync<Tally>("tally", Options(options => options.Role = "host"));
        var tallies = await caller.Servers.RegisterProxyAsync<Tally>("tally", Options(options => options.Role = "host"));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(i + 1, await tallies["a"].CallAsync(new Increment()));
        }

        Assert.Equal(1, ShortcutsOf(host, "tally").Count);
        Assert.Equal(5, await tallies["a"].CallAsync(new GetCount()));
    }

    private static Shortcuts ShortcutsOf(TestNode node, string type) => node.Servers.Node.Types.Single(candidate => candidate.Name == type).Shortcuts!;

    private static DurableServerOptions Options(Action<DurableServerOptions>? more = null)
    {
        var options = new DurableServerOptions { ShardCount = 10, CallTimeout = TimeSpan.FromSeconds(30) };
        more?.Invoke(options);
        return options;
    }
}
