using System.Globalization;
using Akka.Actor;
using Akka.Event;
using Akka.Hosting;
using AkkaDurable.Placement;
using AkkaDurable.Supervision;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AkkaDurable.Cli.Process.Tests;

/// <summary>What this project does when it is started as a program: a node of a shop in two regions, with an admin API.</summary>
internal static class OperatedNode
{
    public const string Cluster = "shop";
    public const string TokenVariable = "OPERATED_NODE_TOKEN";
    public const string ConnectionVariable = "OPERATED_NODE_CONNECTION";

    /// <param name="args">The region, the node's port, that of its admin API, and those of the seed nodes.</param>
    private static async Task<int> Main(string[] args)
    {
        var (region, port, adminPort) = (args[0], Number(args[1]), Number(args[2]));
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.AddDurableServers();
        builder.Services.AddHealthChecks();
        builder.Services.AddAkka(Cluster, akka => akka
            .ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLoggerFactory();
                loggers.LogLevel = Akka.Event.LogLevel.InfoLevel;
            })
            .WithDurableCluster(cluster =>
            {
                cluster.Hostname = "127.0.0.1";
                cluster.Port = port;
                cluster.SeedNodes = [.. args[3..].Select(seed => $"akka.tcp://{Cluster}@127.0.0.1:{seed}")];
            })
            .WithNodeLocation(new NodeLocation(region, $"{region}-a"))
            .WithDurableSql(Environment.GetEnvironmentVariable(ConnectionVariable)!)
            .WithDurableHealthCheck()
            .WithDurableServer<Till>("till", options =>
            {
                options.ShardCount = 8;
                options.HomeRegion = key => key[..key.IndexOf('/', StringComparison.Ordinal)];
                options.Regions = ["eu", "us"];
                options.AllowJsonCalls = true;
                options.MaxCrashes = 2;
                options.RestartDelay = TimeSpan.Zero;
            })
            .WithSupervisionTree(Supervisor.OneForOne("shop", [Supervisor.RestForOne("checkout", [ChildSpec.Worker<Clerk>("clerk")])]))
            .WithActors((system, _) => DurableServers.Get(system).Groups.JoinAsync($"desk/{region}", system.ActorOf(Props.Create(() => new Clerk()), "desk")))
            .WithDurableAdmin(adminPort, options => options.Token = Environment.GetEnvironmentVariable(TokenVariable)));
        using var host = builder.Build();
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();

        // It stops when standard input ends, so that none outlives the tests. Reading the console blocks, also by its asynchronous methods, hence the thread.
        new Thread(() =>
        {
            Console.OpenStandardInput().CopyTo(Stream.Null);
            lifetime.StopApplication();
        })
        {
            IsBackground = true,
        }.Start();
        await host.RunAsync();
        return Environment.ExitCode;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private sealed class Clerk : ReceiveActor
    {
        // So that the log says something when an operator wants it to.
        protected override void PreStart() => Context.GetLogger().Info("the clerk begins");
    }
}
