using System.Diagnostics;
using System.Globalization;
using Akka.Actor;
using Akka.Hosting;
using AkkaDurable.Storage;
using ChangeStats.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AkkaDurable.Process.Tests;

/// <summary>A program with a node of ten servers, one of which never ends its handler. It is ended by SIGTERM.</summary>
internal static class RefusingProgram
{
    public const string Verb = "refusing";

    /// <summary>The handler awaits what never comes.</summary>
    public const string Waiting = "waiting";

    /// <summary>The handler keeps its thread.</summary>
    public const string Blocking = "blocking";

    /// <summary>What it prints when the handler runs.</summary>
    public const string Ready = "the handler runs";

    public const string Refusing = "k7";

    public static readonly TimeSpan Budget = TimeSpan.FromSeconds(9);

    public static ProcessStartInfo Command(string how)
    {
        var start = ThisProgram.Other(typeof(RefusingProgram).Assembly, Verb, how);
        start.Environment["AkkaDurable__ShutdownBudget"] = Budget.ToString("c", CultureInfo.InvariantCulture);
        return start;
    }

    public static async Task<int> RunAsync(string how)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddDurableServers();

        // Less than the node needs; it is raised.
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.Services.AddAkka("refusing", akka => akka
            .ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLoggerFactory();
            })
            .WithDurableCluster(cluster => cluster.Port = FreePort())
            .WithDurableStateStore(_ => new InMemoryStateStore())
            .WithDurableServer<RefusingServer>("refusing"));
        using var host = builder.Build();
        await host.StartAsync();
        var durable = DurableServers.Get(host.Services.GetRequiredService<ActorSystem>());
        var servers = durable.For<RefusingServer>();
        for (var i = 0; i < 10; i++)
        {
            await servers[$"k{i}"].CallAsync(new Greet(), TimeSpan.FromSeconds(30));
        }

        servers[Refusing].Cast(new Refuse(how));
        await host.WaitForShutdownAsync();
        return (await durable.Shutdown).IsComplete ? 0 : NodeProgram.NotSaved;
    }

    private static int FreePort() => Regions.FreePorts.Take(1)[0];
}
