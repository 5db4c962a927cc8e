using Akka.Actor;
using Akka.Cluster;
using Akka.Hosting;
using AkkaDurable.Journal.Tests.Databases;
using AkkaDurable.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AkkaDurable.Journal.Tests.Hosting;

/// <summary>An app with durable servers on a journal, in a cluster of one.</summary>
public sealed class HostedServerTests(SqliteJournal database) : IClassFixture<SqliteJournal>
{
    [Fact]
    public async Task Servers_keep_their_state_over_a_restart_of_the_app()
    {
        const int Keys = 20;
        var prefix = database.NewPrefix();
        for (var run = 1; run <= 2; run++)
        {
            using var app = await StartAsync(akka => akka.WithDurableJournal(options => options.PersistenceIdPrefix = prefix).WithDurableServer<Counter>("counter"));
            var counters = app.Services.GetRequiredService<IDurableServers<Counter>>();

            var counts = await Task.WhenAll(Enumerable.Range(0, Keys).Select(async i => await counters[$"key-{i}"].CallAsync(new Increment(i + 1))));

            Assert.Equal(Enumerable.Range(1, Keys).Select(i => i * run), counts);
            var store = DurableServers.Get(app.Services.GetRequiredService<ActorSystem>()).Store;
            Assert.IsType<JournalStateStore>(store);
            Assert.Equal(Keys, (await store.CountAsync(new ServerQuery("counter")))[ServerStatus.Running]);
            await app.StopAsync();
        }

        // A journal ends with its actor system; the lease must have been given back before.
        await using var left = database.Open(prefix);
        await left.PrepareAsync();
        Assert.Empty(await left.ListLeasesAsync());
        Assert.Equal(Keys, (await left.CountAsync(new ServerQuery("counter")))[ServerStatus.StoppedGraceful]);
    }

    [Fact]
    public async Task Two_clusters_that_know_nothing_of_each_other_lose_nothing()
    {
        var prefix = database.NewPrefix();
        Action<AkkaConfigurationBuilder> akka = builder => builder.WithDurableJournal(options => options.PersistenceIdPrefix = prefix).WithDurableServer<Counter>("counter");
        using var a = await StartAsync(akka);
        using var b = await StartAsync(akka);
        var (fromA, fromB) = (a.Services.GetRequiredService<IDurableServers<Counter>>()["k"], b.Services.GetRequiredService<IDurableServers<Counter>>()["k"]);
        var expected = 0;
        for (var round = 0; round < 2; round++)
        {
            foreach (var server in (ServerRef[])[fromA, fromB])
            {
                for (var i = 0; i < 5; i++)
                {
                    Assert.Equal(++expected, await server.CallAsync(new Increment()));
                }

                Assert.True(await server.StopAsync());
            }
        }

        Assert.Equal(20, await fromA.CallAsync(new GetCount()));
        await a.StopAsync();
        await b.StopAsync();
    }

    [Fact]
    public async Task An_app_whose_plugin_would_lose_events_does_not_start()
    {
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(akka => akka
            .AddHocon("akka-durable.journal.records.replay-filter.mode = fail", HoconAddMode.Prepend)
            .WithDurableJournal("akka.persistence.journal.sql")
            .WithDurableServer<Counter>("counter")));

        var configuration = Assert.IsType<DurableConfigurationException>(refusal is AggregateException many ? many.Flatten().InnerException : refusal);
        Assert.Equal("akka-durable.journal.records.replay-filter.mode", configuration.Option);
    }

    [Fact]
    public void A_wrong_option_is_refused_when_it_is_given()
    {
        var services = new ServiceCollection();
        services.AddAkka("test", akka =>
            Assert.Throws<DurableConfigurationException>(() => akka.WithDurableJournal(options => options.PersistenceIdPrefix = "Not Plain")));
    }

    private async Task<IHost> StartAsync(Action<AkkaConfigurationBuilder> configure)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddDurableServers();
        builder.Services.AddAkka("test", akka =>
        {
            akka.ConfigureLoggers(loggers => loggers.ClearLoggers())
                .WithDurableCluster(cluster => cluster.Port = 0)
                .AddHocon(database.Config(), HoconAddMode.Prepend)
                .WithActors((system, _) => Cluster.Get(system).Join(Cluster.Get(system).SelfAddress));
            configure(akka);
        });
        var host = builder.Build();
        try
        {
            await host.StartAsync();
        }
        catch
        {
            host.Dispose();
            throw;
        }

        return host;
    }
}
