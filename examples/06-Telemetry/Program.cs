using System.Diagnostics;
using Akka.Hosting;
using AkkaDurable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using TelemetryExample;

var folder = Directory.CreateTempSubdirectory("telemetry-");
using var shop = new ActivitySource("Shop");
using var tree = new TraceTree();
using var table = new MetricTable();

using var first = Node(8161, "carts", akka => akka
    .WithDurableServer<Cart>("cart", static cart => cart.Role = "carts")
    .WithDurableServerProxy<Stock>("stock", static stock => stock.Role = "stock"));
using var second = Node(8162, "stock", akka => akka.WithDurableServer<Stock>("stock", static stock => stock.Role = "stock"));
await Task.WhenAll(first.StartAsync(), second.StartAsync());

var carts = first.Services.GetRequiredService<IDurableServers<Cart>>();
await carts["somebody"].CallAsync(new Order("pen"), TimeSpan.FromMinutes(1));      // until here the nodes were finding each other

Activity? checkout;
using (checkout = shop.StartActivity("checkout"))
{
    await carts["anna"].CallAsync(new Order("book"));
}

if (checkout is not { Recorded: true })
{
    await Console.Error.WriteLineAsync("The trace was not sampled: is OTEL_TRACES_SAMPLER set?");
    return 1;
}

// What nobody waits for may still be under way.
using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
while (!tree.Has(checkout.TraceId, "process stock") && !patience.IsCancellationRequested)
{
    await Task.Delay(20);
}

Console.WriteLine($"{"One trace over two nodes",-34} {"kind",-9} {"node",-5} {"took",11}");
foreach (var line in tree.Lines(checkout.TraceId))
{
    Console.WriteLine(line);
}

Console.WriteLine("\nThe metrics of both");
first.Services.GetRequiredService<MeterProvider>().ForceFlush();
table.IsQuiet = true;

await Task.WhenAll(second.StopAsync(), first.StopAsync());
folder.Delete(recursive: true);
return 0;

IHost Node(int port, string role, Action<AkkaConfigurationBuilder> servers)
{
    var builder = Host.CreateApplicationBuilder();
    builder.Logging.ClearProviders();
    builder.Services.AddDurableServers();
    builder.Services.AddAkka("shop", akka => servers(akka
        .AddHocon("akka { loglevel = OFF, stdout-loglevel = OFF }", HoconAddMode.Prepend)       // only what telemetry tells is shown
        .WithDurableCluster(cluster =>
        {
            cluster.Port = port;
            cluster.Roles = [role];
            cluster.SeedNodes = ["akka.tcp://shop@localhost:8161"];
        })
        .WithDurableSql($"Data Source={Path.Combine(folder.FullName, "shop.db")}")));
    if (role == "carts")
    {
        AddTelemetry(builder.Services);
    }

    return builder.Build();
}

#region telemetry
// Each process has this once; here both nodes are in one.
void AddTelemetry(IServiceCollection services)
{
    var telemetry = services.AddOpenTelemetry()
        .ConfigureResource(resource => resource.AddService("shop"))
        .WithTracing(traces => traces
            .AddSource("Shop", DurableTelemetry.ActivitySourceName)
            .AddProcessor(new SimpleActivityExportProcessor(tree)))
        .WithMetrics(metrics => metrics
            .AddMeter(DurableTelemetry.MeterName)
            .AddReader(new BaseExportingMetricReader(table)));

    // To a collector, where there is one.
    if (Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") is not null)
    {
        telemetry.UseOtlpExporter();
    }
}
#endregion
