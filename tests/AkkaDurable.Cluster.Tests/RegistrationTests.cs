using Akka.Actor;
using Akka.Actor.Setup;
using AkkaDurable.Storage;

namespace AkkaDurable.Cluster.Tests;

public sealed class RegistrationTests
{
    [Fact]
    public async Task A_changed_shard_count_is_refused_with_both_numbers()
    {
        var store = new InMemoryStateStore();
        await using (var node = await TestNode.StartAsync(store))
        {
            await node.Servers.RegisterAsync<Tally>("tally", new DurableServerOptions { ShardCount = 20 });
        }

        await using var again = await TestNode.StartAsync(store);
        var error = await Assert.ThrowsAsync<DurableConfigurationException>(() => again.Servers.RegisterAsync<Tally>("tally", new DurableServerOptions { ShardCount = 30 }));
        Assert.Contains("ShardCount of 'tally' = 30", error.Message, StringComparison.Ordinal);
        Assert.Contains("20 shards", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_and_a_class_are_registered_once()
    {
        await using var node = await TestNode.StartAsync(new InMemoryStateStore());
        await node.Servers.RegisterAsync<Tally>("tally");
        var name = await Assert.ThrowsAsync<DurableConfigurationException>(() => node.Servers.RegisterAsync<OtherTally>("tally"));
        Assert.Contains("= tally is not allowed", name.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(Tally), name.Message, StringComparison.Ordinal);
        var type = await Assert.ThrowsAsync<DurableConfigurationException>(() => node.Servers.RegisterAsync<Tally>("tally2"));
        Assert.Contains("as 'tally'", type.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("slash/ed")]
    [InlineData("ünicode")]
    public async Task A_bad_name_is_refused(string name)
    {
        await using var node = await TestNode.StartAsync(new InMemoryStateStore());
        var error = await Assert.ThrowsAsync<DurableConfigurationException>(() => node.Servers.RegisterAsync<Tally>(name));
        Assert.Contains("1 to 100 ASCII letters", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_options_are_refused_by_name_value_and_rule()
    {
        await using var node = await TestNode.StartAsync(new InMemoryStateStore());
        (Action<DurableServerOptions> Change, string Message)[] cases =
        [
            (o => o.ShardCount = 0, "ShardCount of 'tally' = 0"),
            (o => o.ShardCount = 10_001, "1 to 10,000"),
            (o => o.PassivateAfter = TimeSpan.Zero, "PassivateAfter of 'tally' = 00:00:00"),
            (o => o.MaxActiveServers = 0, "MaxActiveServers of 'tally' = 0"),
            (o => o.MaxStateSize = -1, "MaxStateSize of 'tally' = -1"),
            (o => o.MaxWaitingMessages = 0, "MaxWaitingMessages of 'tally' = 0"),
            (o => o.CallTimeout = TimeSpan.FromSeconds(-3), "CallTimeout of 'tally' = -00:00:03"),
            (o => o.Role = " ", "Role of 'tally'"),
            (o => o.Save = null!, "Save of 'tally' = null"),
            (o => o.StateChecks = -1, "StateChecks of 'tally' = -1"),
        ];
        foreach (var (change, message) in cases)
        {
            var options = new DurableServerOptions();
            change(options);
            var error = await Assert.ThrowsAsync<DurableConfigurationException>(() => node.Servers.RegisterAsync<Tally>("tally", options));
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_system_without_a_cluster_is_refused()
    {
        using var system = ActorSystem.Create("local", ActorSystemSetup.Create(new DurableServersSetup { StateStore = _ => new InMemoryStateStore() }));
        var error = await Assert.ThrowsAsync<DurableConfigurationException>(() => DurableServers.Get(system).RegisterAsync<Tally>("tally"));
        Assert.Contains("need a cluster", error.Message, StringComparison.Ordinal);
        await system.Terminate();
    }

    [Fact]
    public async Task A_system_without_a_store_is_refused()
    {
        await using var node = await TestNode.StartAsync(new InMemoryStateStore(), configure: setup => setup.StateStore = null);
        var error = await Assert.ThrowsAsync<DurableConfigurationException>(() => node.Servers.RegisterAsync<Tally>("tally"));
        Assert.Contains("WithDurableSql", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_type_that_is_not_registered_is_told_so()
    {
        await using var node = await TestNode.StartAsync(new InMemoryStateStore());
        var error = Assert.Throws<InvalidOperationException>(() => node.Servers.For<Tally>());
        Assert.Contains("WithDurableServer<Tally>", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_node_calls_servers_that_run_elsewhere_and_needs_no_store()
    {
        var store = new InMemoryStateStore();
        await using var node = await TestNode.StartAsync(store, hocon: "akka.cluster.roles = [worker]");
        var options = new DurableServerOptions { Role = "worker", CallTimeout = TimeSpan.FromSeconds(20) };
        await node.Servers.RegisterAsync<Tally>("tally", options);
        await using var client = await TestNode.StartAsync(store, node, setup => setup.StateStore = null);
        var tallies = await client.Servers.RegisterProxyAsync<Tally>("tally", new DurableServerOptions { Role = "worker", CallTimeout = TimeSpan.FromSeconds(20) });

        Assert.Equal(3, await tallies["k"].CallAsync(new Increment(3)));
        Assert.Equal(node.Address.ToString(), (await tallies["k"].InfoAsync())!.Node);
    }

    [Fact]
    public async Task A_proxy_without_a_role_kept_the_whole_type_from_starting()
    {
        await using var node = await TestNode.StartAsync(new InMemoryStateStore());
        var error = await Assert.ThrowsAsync<DurableConfigurationException>(() => node.Servers.RegisterProxyAsync<Tally>("tally"));
        Assert.Contains("Role of 'tally' = null", error.Message, StringComparison.Ordinal);
    }

    private sealed class OtherTally : DurableServer<TallyState>
    {
        protected override TallyState InitialState => new(0);
    }
}
