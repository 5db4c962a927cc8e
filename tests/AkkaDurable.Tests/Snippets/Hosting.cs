using Akka.Hosting;
using AkkaDurable.Sql;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaDurable.Tests.Snippets;

internal static class Hosting
{
    public static void AddShop(IServiceCollection services, string connectionString, string host)
    {
        #region cluster
        services.AddDurableServers();
        services.AddAkka("shop", akka => akka
            .WithDurableCluster(cluster =>
            {
                cluster.Hostname = host;
                cluster.Port = 8110;
                cluster.SeedNodes = ["akka.tcp://shop@shop-1:8110", "akka.tcp://shop@shop-2:8110"];
            })
            .WithDurableSql(connectionString, SqlProviderNames.PostgreSql)
            .WithDurableServer<OrderServer>("order", order =>
            {
                order.PassivateAfter = TimeSpan.FromMinutes(10);
                order.MaxActiveServers = 50_000;
            })
            .WithDurableServer<Counter>("counter", counter => counter.Save = SavePolicy.Every(TimeSpan.FromSeconds(5))));
        #endregion
    }
}
