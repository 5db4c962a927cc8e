using Akka.Actor;
using Akka.Cluster;
using Akka.Hosting;
using AkkaDurable.Placement;
using AkkaDurable.Storage;
using AkkaDurable.Supervision;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AkkaDurable.Management.Tests;

/// <summary>A web app with a node of a cluster in it, on free loopback ports.</summary>
internal sealed class ManagedNode : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ManagedNode(WebApplication app) => _app = app;

    public ActorSystem System => Services.GetRequiredService<ActorSystem>();

    public IServiceProvider Services => _app.Services;

    public Cluster Cluster => Akka.Cluster.Cluster.Get(System);

    public string Address => Cluster.SelfAddress.ToString();

    public Uri Url => new(_app.Urls.First());

    public IDurableServers<Vault> Vaults => Services.GetRequiredService<IDurableServers<Vault>>();

    public static async Task<ManagedNode> StartAsync(
        IStateStore store, string region, ManagedNode? join = null, Action<WebApplicationBuilder>? configure = null, Action<WebApplication>? map = null, Action<AkkaConfigurationBuilder>? akka = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddDurableServers();
        configure?.Invoke(builder);
        builder.Services.AddAkka("bank", setup =>
        {
            setup
                .ConfigureLoggers(loggers => loggers.ClearLoggers())
                .WithDurableCluster(cluster =>
                {
                    cluster.Port = 0;
                    cluster.EndProcessWhenDowned = false;
                })
                .WithNodeLocation(new NodeLocation(region))
                .WithDurableStateStore(_ => new SharedStore(store))
                .WithDurableServer<Vault>("vault", options =>
                {
                    options.ShardCount = 4;
                    options.HomeRegion = key => key.StartsWith("us-", StringComparison.Ordinal) ? "us" : "eu";
                    options.AllowJsonCalls = true;
                    options.MaxCrashes = 2;
                    options.RestartDelay = TimeSpan.Zero;
                    options.CallTimeout = TimeSpan.FromSeconds(20);
                    options.Placement.ArrivalTime = TimeSpan.FromSeconds(30);
                })
                .WithDurableServer<Closed>("closed", options => options.ShardCount = 2)
                .WithSupervisionTree(Supervisor.OneForOne("bank-tree", [Supervisor.RestForOne("desks", [ChildSpec.Worker<Clerk>("clerk")])]))
                .WithActors((system, _) =>
                {
                    var cluster = Akka.Cluster.Cluster.Get(system);
                    cluster.Join(join?.Cluster.SelfAddress ?? cluster.SelfAddress);
                });
            akka?.Invoke(setup);
        });
        var app = builder.Build();
        map?.Invoke(app);
        await app.StartAsync();
        return new ManagedNode(app);
    }

    /// <summary>Runs a command as it is typed.</summary>
    public async Task<List<CommandOutput>> RunAsync(string command, TimeSpan? within = null)
    {
        using var timeout = new CancellationTokenSource(within ?? TimeSpan.FromSeconds(40));
        var output = new List<CommandOutput>();
        await foreach (var item in DurableCommands.CatalogWith().Parse(command.Split(' ')).RunAsync(System, Services, cancellationToken: timeout.Token))
        {
            output.Add(item);
        }

        return output;
    }

    /// <summary>The only row that a command tells.</summary>
    public async Task<CommandOutput.Row> RowAsync(string command) => Assert.Single((await RunAsync(command)).OfType<CommandOutput.Row>());

    public async Task<CommandOutput.Row[]> RowsAsync(string command) => [.. (await RunAsync(command)).OfType<CommandOutput.Row>()];

    public async Task<CommandException> RefusalAsync(string command) => await Assert.ThrowsAsync<CommandException>(() => RunAsync(command));

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>Outlives the node.</summary>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2215", Justification = "Its maker disposes of the inner store.")]
    private sealed class SharedStore(IStateStore inner) : DelegatingStateStore(inner)
    {
        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
