using Akka.Hosting;

namespace AkkaDurable.Hosting.Tests;

public sealed class OrderTests
{
    private static readonly Dictionary<string, Action<AkkaConfigurationBuilder>> Verbs = new()
    {
        ["cluster"] = akka => akka.WithLonelyCluster(),
        ["store"] = akka => akka.WithMemory(),
        ["tally"] = akka => akka.WithDurableServer<Tally>("tally", options => options.ShardCount = 3),
        ["clock"] = akka => akka.WithDurableServer<Clock>("clock"),
    };

    [Theory]
    [InlineData("cluster store tally clock")]
    [InlineData("tally clock store cluster")]
    [InlineData("clock cluster tally store")]
    public async Task The_order_of_the_verbs_does_not_matter(string order)
    {
        await using var host = await TestHost.StartAsync(akka =>
        {
            foreach (var verb in order.Split(' '))
            {
                Verbs[verb](akka);
            }
        });

        Assert.Equal(1, await host.Servers<Tally>()["a"].CallAsync(new Add()));
        Assert.NotEqual(default, await host.Servers<Clock>()["a"].CallAsync(new GetTime()));
        Assert.IsType<Storage.InMemoryStateStore>(DurableServers.Get(host.System).Store);
    }

    [Fact]
    public async Task The_last_store_counts()
    {
        var last = new Storage.InMemoryStateStore();
        await using var host = await TestHost.StartAsync(akka => akka
            .WithDurableSql("Host=nowhere.invalid").WithLonelyCluster().WithDurableServer<Tally>("tally").WithDurableStateStore(_ => last));

        Assert.Same(last, DurableServers.Get(host.System).Store);
    }
}
