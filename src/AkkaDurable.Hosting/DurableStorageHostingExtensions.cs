using Akka.Actor;
using AkkaDurable;
using AkkaDurable.Hosting.Internal.Storage;
using AkkaDurable.Hosting.Internal.Wiring;
using AkkaDurable.Sql;
using AkkaDurable.Storage;

namespace Akka.Hosting;

/// <summary>Says where the states of durable servers are kept. The last of these calls counts; without any it is the SQL state store of the configuration section <c>AkkaDurable:Sql</c>, else an SQLite file beside the app, named <c>{actor system}.durable.db</c>.</summary>
public static class DurableStorageHostingExtensions
{
    /// <summary>Keeps the states in an SQL database.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="connectionString">The database, for example <c>Host=db;Database=shop;Username=shop;Password=…</c> or <c>Data Source=shop.db</c>.</param>
    /// <param name="providerName">One of <see cref="SqlProviderNames"/>. Left out, the connection string tells: <c>Host</c> or <c>Server</c> is PostgreSQL, <c>Data Source</c> or <c>Filename</c> is SQLite.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="DurableConfigurationException"><paramref name="connectionString"/> is empty.</exception>
    /// <remarks>Goes over the configuration section <c>AkkaDurable:Sql</c>, from which the other options are taken.</remarks>
    public static AkkaConfigurationBuilder WithDurableSql(this AkkaConfigurationBuilder builder, string connectionString, string? providerName = null)
    {
        // Most often a name that the configuration does not have.
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            throw new DurableConfigurationException("WithDurableSql.connectionString", connectionString is null ? null : "(empty)", "a connection string is needed; without the call states are kept in an SQLite file beside the app");
        }

        return builder.WithDurableSql(options =>
        {
            options.ConnectionString = connectionString;
            options.ProviderName = providerName ?? "";
        });
    }

    /// <summary>Keeps the states in an SQL database.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Where and how. Goes over the configuration section <c>AkkaDurable:Sql</c>, which goes over the defaults. <see cref="SqlStateStoreOptions.ProviderName"/> is empty unless it was
    /// configured; left so, the connection string tells the kind of database. Without a connection string it is the SQLite file beside the app.</param>
    /// <returns>The same builder.</returns>
    public static AkkaConfigurationBuilder WithDurableSql(this AkkaConfigurationBuilder builder, Action<SqlStateStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        builder.WithDurableStateStore(system => SqlStore.Open(system, configure));
        DurableHostSetup.Of(builder).Sql = configure;
        return builder;
    }

    /// <summary>Keeps the states in a store of your choice, such as <see cref="InMemoryStateStore"/> in tests.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="open">Makes the store. Asked once, when the first server type is registered; the store is disposed of with the actor system.</param>
    /// <returns>The same builder.</returns>
    public static AkkaConfigurationBuilder WithDurableStateStore(this AkkaConfigurationBuilder builder, Func<ActorSystem, IStateStore> open)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(open);
        DurableHostSetup.Of(builder).StateStore = open;
        return builder;
    }

    /// <summary>
    /// Says how long this node may answer for its servers after the last renewal of its lease in the state store; it is renewed three times in that time. A shorter one lets servers move sooner when their node was lost;
    /// a longer one lets reads go on for longer while the store is away.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="timeToLive">500 ms to 10 minutes. Default: the setting <c>AkkaDurable:LeaseTimeToLive</c> of the configuration, else 5 seconds.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="DurableConfigurationException"><paramref name="timeToLive"/> breaks the rule; thrown when the first server type is registered.</exception>
    public static AkkaConfigurationBuilder WithDurableLease(this AkkaConfigurationBuilder builder, TimeSpan timeToLive)
    {
        ArgumentNullException.ThrowIfNull(builder);
        DurableHostSetup.Of(builder).LeaseTimeToLive = timeToLive;
        return builder;
    }
}
