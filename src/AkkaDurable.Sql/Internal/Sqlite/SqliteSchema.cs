using System.Globalization;
using AkkaDurable.Sql.Internal.Schema;
using Microsoft.Data.Sqlite;

namespace AkkaDurable.Sql.Internal.Sqlite;

/// <summary>Creates and upgrades the tables. Only one process at a time gets in.</summary>
internal sealed class SqliteSchema(TableNames tables, bool autoCreate, string database)
{
    // Tables with a rowid: states may be large, and without one they would sit in the inner pages of the key's tree as well.
    private readonly Migration[] _migrations =
    [
        new(
            1,
            [
                $"CREATE TABLE {tables.Marker} (product TEXT NOT NULL, version INTEGER NOT NULL) STRICT",
                $"CREATE TABLE {tables.Types} (server_type TEXT NOT NULL PRIMARY KEY, shard_count INTEGER NOT NULL) STRICT",
                $"""
                CREATE TABLE {tables.Servers} (
                    server_type TEXT NOT NULL,
                    server_key TEXT NOT NULL,
                    epoch INTEGER NOT NULL,
                    claim_id INTEGER NOT NULL,
                    revision INTEGER NOT NULL,
                    status INTEGER NOT NULL,
                    owner TEXT NOT NULL,
                    state_version INTEGER NOT NULL,
                    state TEXT,
                    created_at INTEGER NOT NULL, -- milliseconds since 1970, UTC
                    updated_at INTEGER NOT NULL,
                    PRIMARY KEY (server_type, server_key)
                ) STRICT
                """,
            ],
            SchemaColumns.Version1(tables)),
        new(
            2,
            [
                $"ALTER TABLE {tables.Servers} ADD COLUMN lease_id INTEGER NOT NULL DEFAULT 0", // 0: none
                $"ALTER TABLE {tables.Servers} ADD COLUMN recent_calls BLOB",
                $"""
                CREATE TABLE {tables.Leases} (
                    lease_id INTEGER NOT NULL PRIMARY KEY,
                    node TEXT NOT NULL,
                    time_to_live INTEGER NOT NULL, -- milliseconds
                    renewals INTEGER NOT NULL,
                    revoked INTEGER NOT NULL
                ) STRICT
                """,
            ],
            SchemaColumns.Version2(tables)),
        new(
            3,
            [
                $"""
                CREATE TABLE {tables.Placements} (
                    server_type TEXT NOT NULL,
                    shard TEXT NOT NULL,
                    home_region TEXT NOT NULL,
                    version INTEGER NOT NULL,
                    places TEXT NOT NULL, -- JSON
                    PRIMARY KEY (server_type, shard)
                ) STRICT, WITHOUT ROWID
                """,
                $"""
                CREATE TABLE {tables.SbrLeases} (
                    name TEXT NOT NULL PRIMARY KEY,
                    owner TEXT NOT NULL,
                    holder INTEGER NOT NULL, -- 0: nobody
                    version INTEGER NOT NULL,
                    expires_at INTEGER NOT NULL, -- milliseconds since 1970, UTC
                    wanted_owner TEXT NOT NULL,
                    wanted_by INTEGER NOT NULL -- 0: nobody
                ) STRICT
                """,
            ],
            SchemaColumns.Version3(tables)),
        new(
            4,
            [
                $"ALTER TABLE {tables.Servers} ADD COLUMN region TEXT NOT NULL DEFAULT ''",
                $"ALTER TABLE {tables.Servers} ADD COLUMN is_permanent INTEGER NOT NULL DEFAULT 0",
                $"ALTER TABLE {tables.Servers} ADD COLUMN crashes BLOB", // JSON

                // Null but for statuses that are rare and last. An index of all would be written at every start and stop of a server, which takes half as long again.
                $"ALTER TABLE {tables.Servers} ADD COLUMN rare_status INTEGER GENERATED ALWAYS AS (CASE WHEN status > 1 THEN status END) VIRTUAL",
                $"CREATE INDEX {tables.Servers.Index("permanent")} ON {tables.Servers} (server_type, server_key) WHERE is_permanent",
                $"CREATE INDEX {tables.Servers.Index("rare_status")} ON {tables.Servers} (server_type, rare_status, server_key) WHERE rare_status IS NOT NULL",
                $"CREATE INDEX {tables.Servers.Index("region")} ON {tables.Servers} (server_type, region, server_key) WHERE region <> ''",
            ],
            SchemaColumns.Version4(tables)),
    ];

    public void Prepare(SqliteConnection connection)
    {
        // A look first: a file that is not ours must not even be switched to WAL.
        Refuse(connection);
        UseWal(connection);
        using var transaction = connection.BeginTransaction(deferred: false);
        foreach (var step in SchemaPlan.Decide(Find(connection), _migrations, tables, autoCreate, database))
        {
            foreach (var statement in step.Statements)
            {
                Run(connection, statement);
            }

            Run(connection, $"DELETE FROM {tables.Marker}");
            Run(connection, $"INSERT INTO {tables.Marker} (product, version) VALUES ($0, $1)", SchemaPlan.Product, step.Version);
        }

        transaction.Commit();
    }

    private void Refuse(SqliteConnection connection)
    {
        if (SqliteFile.Scalar(connection, "PRAGMA encoding") is not "UTF-8" and var encoding)
        {
            throw new StoreSchemaException($"{database} has the encoding {encoding}; UTF-8 is needed. Nothing was changed. Use another file.");
        }

        // In a transaction, so that it does not see half of what another process is making.
        using var look = connection.BeginTransaction(deferred: true);
        SchemaPlan.Decide(Find(connection), _migrations, tables, autoCreate, database);
    }

    private void UseWal(SqliteConnection connection)
    {
        if (SqliteFile.Scalar(connection, "PRAGMA journal_mode") is "wal")
        {
            return;
        }

        // Has an effect on a new file only.
        Run(connection, SqliteFile.PageSize);
        if (SqliteFile.Scalar(connection, "PRAGMA journal_mode = WAL") is not "wal" and var mode)
        {
            throw new StoreUnavailableException($"{database}: the file cannot be used with a write-ahead log (journal mode stays {mode}). Is it on a network drive? Use a local disk.");
        }
    }

    private FoundSchema Find(SqliteConnection connection)
    {
        var columns = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal);
        foreach (var table in tables.All)
        {
            using var command = Command(connection, "SELECT name FROM pragma_table_info($0)", table.Name);
            using var reader = command.ExecuteReader();
            var names = new HashSet<string>(StringComparer.Ordinal);
            while (reader.Read())
            {
                names.Add(reader.GetString(0));
            }

            if (names.Count > 0)
            {
                columns[table.Name] = names;
            }
        }

        if (!columns.TryGetValue(tables.Marker.Name, out var marker) || !FoundSchema.MarkerColumns.All(marker.Contains))
        {
            return new FoundSchema(columns, null, 0);
        }

        using var read = Command(connection, $"SELECT CAST(product AS TEXT), CAST(version AS TEXT) FROM {tables.Marker} LIMIT 1");
        using var row = read.ExecuteReader();
        return row.Read()
            ? FoundSchema.WithMarker(columns, row.IsDBNull(0) ? null : row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1))
            : new FoundSchema(columns, null, 0);
    }

    private static void Run(SqliteConnection connection, string text, params ReadOnlySpan<object> values)
    {
        using var command = Command(connection, text, values);
        command.ExecuteNonQuery();
    }

    private static SqliteCommand Command(SqliteConnection connection, string text, params ReadOnlySpan<object> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue("$" + i.ToString(CultureInfo.InvariantCulture), values[i]);
        }

        return command;
    }
}
