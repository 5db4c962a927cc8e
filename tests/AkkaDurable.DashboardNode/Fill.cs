using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AkkaDurable.DashboardNode;

/// <summary>Starts many servers, on all nodes.</summary>
internal sealed class Fill(IServiceProvider services, int count) : BackgroundService
{
    private const int AtATime = 256;

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var visitors = services.GetRequiredService<IDurableServers<Visitor>>();
        return Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = stoppingToken }, async (i, token) =>
        {
            while (true)
            {
                try
                {
                    await visitors[$"fill-{i:000000}"].StartAsync(cancellationToken: token);
                    return;
                }
                catch (DurableServerException)
                {
                    // The cluster is being formed, or the store is busy.
                    await Task.Delay(100, token);
                }
            }
        });
    }
}
