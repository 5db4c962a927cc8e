using AkkaDurable.Sql.Internal;

namespace AkkaDurable.Sql;

/// <summary>Where and how <see cref="SqlStateStore"/> keeps its records.</summary>
public sealed class SqlStateStoreOptions
{
    /// <summary>The database, for example <c>Data Source=servers.db</c> or <c>Host=db;Database=shop;Username=shop;Password=…</c>.</summary>
    /// <value>There is no default.</value>
    /// <remarks>Never logged and never part of a message. With SQLite a relative path counts from the working directory.</remarks>
    public string ConnectionString { get; set; } = "";

    /// <summary>The kind of database: one of <see cref="SqlProviderNames"/>, or a more exact name of linq2db's such as <c>PostgreSQL.15</c>.</summary>
    /// <value>The default is <see cref="SqlProviderNames.Sqlite"/>.</value>
    public string ProviderName { get; set; } = SqlProviderNames.Sqlite;

    /// <summary>The PostgreSQL schema of the tables; it must exist. With SQLite it must be left out.</summary>
    /// <value>The default is <see langword="null"/>: the first one of the connection's search path, mostly <c>public</c>.</value>
    public string? Schema { get; set; }

    /// <summary>What the names of the tables start with: a lower-case letter, then at most 39 lower-case letters, digits and underscores.</summary>
    /// <value>The default is <c>durable_</c>.</value>
    public string TablePrefix { get; set; } = "durable_";

    /// <summary>Whether <see cref="SqlStateStore.PrepareAsync"/> may create and upgrade tables. When not, it fails if they are missing or old.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool AutoCreate { get; set; } = true;

    /// <summary>How long one round trip to the database may take, and how long connecting may take when the connection string does not say; whole seconds from 1 to 600.</summary>
    /// <value>The default is 10 seconds.</value>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long SQLite waits for another process that holds the file's write lock; 0 to 10 minutes. PostgreSQL ignores it.</summary>
    /// <value>The default is 10 seconds.</value>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many groups of writes may be on their way to PostgreSQL at once, each on its own connection; 1 to 16. SQLite always has one writer.</summary>
    /// <value>The default is 3.</value>
    /// <remarks>
    /// One writes as long as what waits meanwhile makes no large group, three quarters of <see cref="MaxGroupSize"/>; then the next one helps. A connection is opened when it is first needed. Operations on one record stay in order.
    /// </remarks>
    public int Writers { get; set; } = 3;

    /// <summary>The most writes that share one commit; 1 to 1,000.</summary>
    /// <value>The default is 256.</value>
    /// <remarks>Nothing waits for a group to fill: a write that finds all writers idle goes out at once, the others collect while a group is on its way.</remarks>
    public int MaxGroupSize { get; set; } = 256;

    /// <summary>The most writes that may wait; 1 or more. Further ones fail at once with <see cref="StoreUnavailableException"/>.</summary>
    /// <value>The default is 20,000.</value>
    public int MaxWaiting { get; set; } = 20_000;

    /// <summary>Checks every option. <see cref="SqlStateStore.Create"/> calls it.</summary>
    /// <exception cref="DurableConfigurationException">An option breaks a rule. The message never contains the connection string.</exception>
    public void Validate() => OptionRules.Check(this);

    internal SqlStateStoreOptions Copy() => (SqlStateStoreOptions)MemberwiseClone();
}
