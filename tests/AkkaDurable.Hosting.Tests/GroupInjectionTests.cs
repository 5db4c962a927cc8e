using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaDurable.Hosting.Tests;

public sealed class GroupInjectionTests
{
    [Fact]
    public async Task Groups_and_events_are_injected_and_work_without_any_server_type()
    {
        await using var host = await TestHost.StartAsync(akka => akka.WithLonelyCluster().WithDurableGroups(options =>
        {
            options.Clusters.Add("blue");
            options.Messages.Add<Rung>("rung");
        }));
        var groups = host.Services.GetRequiredService<IDurableGroups>();
        await using var member = await groups.SubscribeAsync("bells", new Dictionary<string, string> { ["name"] = "big" }, cluster: "blue");
        Assert.Equal("big", Assert.Single(await groups.MembersAsync("bells", "blue")).Meta["name"]);
        Assert.Equal((1, 0), (await groups.LocalCountAsync("bells", "blue"), await groups.CountAsync("bells")));

        await foreach (var batch in host.Services.GetRequiredService<IDurableEvents>().WatchAsync(LifecycleFilter.AllGroups("blue")))
        {
            Assert.Equal(member.Id, Assert.Single(batch.Events).Member!.Id);
            break;
        }

        groups.Dispatch("bells", new Rung(3), "blue");
        await foreach (var message in member.Messages)
        {
            Assert.Equal(new Rung(3), message);
            break;
        }
    }

    [Fact]
    public async Task A_wrong_setting_stops_the_start()
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => TestHost.StartAsync(akka => akka.WithLonelyCluster().WithDurableGroups(options => options.CompareEvery = TimeSpan.Zero)));
        Assert.Contains("DurableGroupOptions.CompareEvery", error.ToString());
    }

    public sealed record Rung(int Times) : ICast;
}
