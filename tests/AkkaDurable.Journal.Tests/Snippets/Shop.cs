using Akka.Hosting;
using AkkaDurable.Journal.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaDurable.Journal.Tests.Snippets;

internal static class Shop
{
    public static void Add(IServiceCollection services, string connectionString)
    {
        #region journal
        services.AddDurableServers();
        services.AddAkka("shop", akka => akka
            .WithDurableCluster()
            .AddHocon($$"""
                akka.persistence.journal.plugin = "akka.persistence.journal.sql"
                akka.persistence.journal.sql {
                  class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
                  connection-string = "{{connectionString}}"
                  provider-name = "PostgreSQL.15"
                }
                """, HoconAddMode.Prepend)
            .WithDurableJournal()
            .WithDurableServer<Counter>("counter"));
        #endregion
    }
}
