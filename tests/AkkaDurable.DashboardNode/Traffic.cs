using Akka.Actor;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AkkaDurable.DashboardNode;

/// <summary>Calls some servers all the time.</summary>
internal sealed class Traffic(IServiceProvider services, string region, int perSecond) : BackgroundService
{
    private static readonly string[] s_names = ["anna", "ben", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy", "karl", "lena"];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (baskets, visitors) = (services.GetRequiredService<IDurableServers<Basket>>(), services.GetRequiredService<IDurableServers<Visitor>>());
        var random = new Random(17);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / perSecond));
        for (var i = 0; await timer.WaitForNextTickAsync(stoppingToken); i++)
        {
            var name = s_names[random.Next(s_names.Length)];
            try
            {
                if (i % 3 == 0)
                {
                    await visitors[$"{name}-{random.Next(40)}"].CallAsync(new Enter($"room/{random.Next(6)}"), cancellationToken: stoppingToken);
                }
                else
                {
                    await baskets[$"{(random.Next(4) == 0 ? Other(region) : region)}/{name}-{random.Next(30)}"].CallAsync(new Add(), cancellationToken: stoppingToken);
                }
            }
            catch (DurableServerException)
            {
                // A node is away; that is what one looks at the dashboard for.
            }
            catch (ObjectDisposedException)
            {
                // The node was put out.
                return;
            }
        }
    }

    private static string Other(string region) => region == "eu" ? "us" : "eu";
}
