using System.Data.Common;
using AkkaDurable.Sql;

namespace AkkaDurable.Hosting.Internal.Storage;

/// <summary>Tells the kind of database from a connection string.</summary>
internal static class ProviderGuess
{
    private static readonly string[] Postgres = ["Host", "Server"];
    private static readonly string[] Sqlite = ["Data Source", "DataSource", "Filename"];

    public static string Of(string connectionString)
    {
        var settings = new DbConnectionStringBuilder();
        try
        {
            settings.ConnectionString = connectionString;
        }
        catch (ArgumentException)
        {
            // The driver's message may quote a secret.
            throw new DurableConfigurationException($"{nameof(SqlStateStoreOptions)}.{nameof(SqlStateStoreOptions.ConnectionString)}", "(hidden)", "it must be a connection string: Name=value;Name=value");
        }

        return (Postgres.Any(settings.ContainsKey), Sqlite.Any(settings.ContainsKey)) switch
        {
            (true, false) => SqlProviderNames.PostgreSql,
            (false, true) => SqlProviderNames.Sqlite,
            _ => throw new DurableConfigurationException(
                $"{nameof(SqlStateStoreOptions)}.{nameof(SqlStateStoreOptions.ProviderName)}",
                null,
                $"the connection string does not tell the kind of database (Host or Server: PostgreSQL; Data Source or Filename: SQLite), so it must be {SqlProviderNames.PostgreSql} or {SqlProviderNames.Sqlite}"),
        };
    }
}
