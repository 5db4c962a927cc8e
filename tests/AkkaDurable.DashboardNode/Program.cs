using System.Globalization;
using Akka.Hosting;
using AkkaDurable;
using AkkaDurable.DashboardNode;
using AkkaDurable.Placement;
using AkkaDurable.Supervision;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// One node of the cluster that the dashboard's tests look at: PORT REGION ADMIN-PORT LOAD SEED…; the database and the token are in the environment. It ends when standard input does.
if (args is not [var port, var region, var adminPort, var load, .. var seeds])
{
    return 2;
}

_ = int.TryParse(Environment.GetEnvironmentVariable(Node.FillVariable), CultureInfo.InvariantCulture, out var fill);
var builder = Host.CreateApplicationBuilder();
builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning);
builder.Services.AddDurableServers();
builder.Services.AddAkka("shop", akka => akka
    .ConfigureLoggers(loggers =>
    {
        loggers.ClearLoggers();
        loggers.AddLoggerFactory();
        loggers.LogLevel = Akka.Event.LogLevel.WarningLevel;
    })
    .WithDurableCluster(cluster =>
    {
        cluster.Hostname = "127.0.0.1";
        cluster.Port = int.Parse(port, CultureInfo.InvariantCulture);
        cluster.SeedNodes = [.. seeds.Select(seed => $"akka.tcp://shop@127.0.0.1:{seed}")];
    })
    .WithNodeLocation(new NodeLocation(region, $"{region}-1a"))
    .WithCapacityLimits(new CapacityLimits { MaxServers = fill > 0 ? 2 * fill : 2_000, MaxMemoryPercent = 90 })
    .WithDurableSql(Environment.GetEnvironmentVariable(Node.ConnectionVariable)!)
    .WithDurableServer<Basket>("basket", Node.Baskets)
    .WithDurableServer<Invoice>("invoice", Node.Invoices)
    .WithDurableServer<Visitor>("visitor", Node.Visitors)
    .WithSupervisionTree(Supervisor.OneForOne("shop-floor",
    [
        ChildSpec.Worker<Idle>("prices"),
        Supervisor.RestForOne("checkout", [ChildSpec.Worker<Idle>("gateway"), ChildSpec.Worker<Idle>("printer") with { Restart = Restart.Transient }]),
    ]))
    .WithDurableAdmin(int.Parse(adminPort, CultureInfo.InvariantCulture), options => options.Token = Environment.GetEnvironmentVariable(Node.TokenVariable)));
if (int.Parse(load, CultureInfo.InvariantCulture) is > 0 and var perSecond)
{
    builder.Services.AddHostedService(services => new Traffic(services, region, perSecond));
}

if (fill > 0 && seeds[0] == port)
{
    builder.Services.AddHostedService(services => new Fill(services, fill));
}

using var host = builder.Build();
var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();

// Reading the console blocks, also by its asynchronous methods, hence the thread.
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
