namespace AkkaDurable.Sql;

/// <summary>The names that <see cref="SqlStateStoreOptions.ProviderName"/> takes. They are those of linq2db, which Akka.Persistence.Sql uses, so that one setting serves both.</summary>
public static class SqlProviderNames
{
    /// <summary>SQLite, for one machine.</summary>
    public const string Sqlite = "SQLite.MS";

    /// <summary>PostgreSQL 13 or later, for clusters.</summary>
    public const string PostgreSql = "PostgreSQL";
}
