using Akka.Actor;
using AkkaDurable.Hosting.Internal.Configuration;
using AkkaDurable.Hosting.Internal.Wiring;
using AkkaDurable.Sql;
using AkkaDurable.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaDurable.Hosting.Internal.Storage;

/// <summary>Opens the SQL state store that the configuration and the code ask for, or the default one.</summary>
internal static partial class SqlStore
{
    public static IStateStore Open(ActorSystem system, Action<SqlStateStoreOptions>? configure)
    {
        var setup = DurableHostExtension.SetupOf(system);
        var section = AppConfiguration.SqlSection(setup.Services?.GetService<IConfiguration>());
        var defaultFile = Path.Combine(AppContext.BaseDirectory, $"{system.Name}.durable.db");
        var options = SqlSettings.Build(section, defaultFile, configure);
        if (options.ConnectionString.Contains(defaultFile, StringComparison.Ordinal) && setup.Loggers?.CreateLogger("AkkaDurable.Hosting") is { } log)
        {
            LogDefaultFile(log, defaultFile);
        }

        return SqlStateStore.Create(options, setup.Time, setup.Loggers);
    }
}
