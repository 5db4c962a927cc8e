using Akka.Hosting;

namespace AkkaDurable.Hosting.Tests;

public sealed class RemoteCallTests
{
    private const int NearlyOneMebibyte = 1_000_000;

    [Fact]
    public async Task A_proxy_calls_the_servers_of_another_node_with_messages_of_nearly_one_mebibyte()
    {
        await using var worker = await TestHost.StartAsync(akka => akka
            .WithDurableCluster(cluster =>
            {
                cluster.Port = 0;
                cluster.Roles = ["worker"];
            })
            .JoinItself()
            .WithMemory()
            .WithDurableServer<Tally>("tally", options => options.Role = "worker"));
        await using var web = await TestHost.StartAsync(akka => akka
            .WithDurableCluster(cluster =>
            {
                cluster.Port = 0;
                cluster.SeedNodes = [worker.Address.ToString()];
            })
            .WithDurableServerProxy<Tally>("tally", options => options.Role = "worker"));
        var tally = web.Servers<Tally>()["far"];

        Assert.Equal(3, await tally.CallAsync(new Add(3), TimeSpan.FromSeconds(20)));
        var text = new string('x', NearlyOneMebibyte);
        Assert.Equal(text, await tally.CallAsync(new Echo(text)));
        Assert.Equal(3, await worker.Servers<Tally>()["far"].CallAsync(new Add(0)));
    }
}
