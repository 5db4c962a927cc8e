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
        var options = Options(system, configure, out var isDefaultFile);
        if (isDefaultFile && setup.Loggers?.CreateLogger("AkkaDurable.Hosting") is { } log)
        {
            LogDefaultFile(log, DefaultFile(system));
        }

        return SqlStateStore.Create(options, setup.Time, setup.Loggers);
    }

    /// <summary>What the configuration and the code say of the database.</summary>
    public static SqlStateStoreOptions Options(ActorSystem system, Action<SqlStateStoreOptions>? configure, out bool isDefaultFile)
    {
        var section = AppConfiguration.SqlSection(DurableHostExtension.SetupOf(system).Services?.GetService<IConfiguration>());
        var defaultFile = DefaultFile(system);
        var options = SqlSettings.Build(section, defaultFile, configure);
        isDefaultFile = options.ConnectionString.Contains(defaultFile, StringComparison.Ordinal);
        return options;
    }

    private static string DefaultFile(ActorSystem system) => Path.Combine(AppContext.BaseDirectory, $"{system.Name}.durable.db");
}
