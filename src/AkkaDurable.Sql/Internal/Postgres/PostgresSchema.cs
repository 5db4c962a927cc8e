using AkkaDurable.Sql.Internal.Schema;
using Npgsql;

namespace AkkaDurable.Sql.Internal.Postgres;

/// <summary>Creates and upgrades the tables. Only one process at a time gets in.</summary>
internal sealed class PostgresSchema(TableNames tables, bool autoCreate, string database, TimeSpan timeout)
{
    private const int OldestServer = 13;

    // Text sorts and compares by its bytes, whatever the locale of the database. Room is left in each page, so that a save can put the new version of a row
    // beside the old one and leave the index alone.
    private readonly Migration[] _migrations =
    [
        new(
            1,
            [
                $"CREATE TABLE {tables.Marker} (product text NOT NULL, version integer NOT NULL)",
                $"CREATE TABLE {tables.Types} (server_type text COLLATE \"C\" PRIMARY KEY, shard_count integer NOT NULL)",
                $"""
                CREATE TABLE {tables.Servers} (
                    server_type text COLLATE "C" NOT NULL,
                    server_key text COLLATE "C" NOT NULL,
                    epoch bigint NOT NULL,
                    claim_id bigint NOT NULL,
                    revision bigint NOT NULL,
                    status smallint NOT NULL,
                    owner text NOT NULL,
                    state_version integer NOT NULL,
                    state text,
                    created_at timestamptz NOT NULL,
                    updated_at timestamptz NOT NULL,
                    PRIMARY KEY (server_type, server_key)
                ) WITH (fillfactor = 70)
                """,
            ],
            SchemaColumns.Version1(tables)),
        new(
            2,
            [
                $"ALTER TABLE {tables.Servers} ADD COLUMN lease_id bigint NOT NULL DEFAULT 0, ADD COLUMN recent_calls bytea",
                $"""
                CREATE TABLE {tables.Leases} (
                    lease_id bigint PRIMARY KEY,
                    node text NOT NULL,
                    time_to_live bigint NOT NULL,
                    renewals bigint NOT NULL,
                    revoked boolean NOT NULL
                ) WITH (fillfactor = 50)
                """,
            ],
            SchemaColumns.Version2(tables)),
        new(
            3,
            [
                $"""
                CREATE TABLE {tables.Placements} (
                    server_type text COLLATE "C" NOT NULL,
                    shard text COLLATE "C" NOT NULL,
                    home_region text NOT NULL,
                    version bigint NOT NULL,
                    places text NOT NULL,
                    PRIMARY KEY (server_type, shard)
                )
                """,
                $"""
                CREATE TABLE {tables.SbrLeases} (
                    name text COLLATE "C" PRIMARY KEY,
                    owner text NOT NULL,
                    holder bigint NOT NULL,
                    version bigint NOT NULL,
                    expires_at timestamptz NOT NULL,
                    wanted_owner text NOT NULL,
                    wanted_by bigint NOT NULL
                ) WITH (fillfactor = 50)
                """,
            ],
            SchemaColumns.Version3(tables)),
        new(
            4,
            [
                // No index may hold anything that starts, stops and saves of a server change: they would all have to write to every index then. So statuses have a column that is null but for those
                // that are rare and last.
                $"""
                ALTER TABLE {tables.Servers}
                    ADD COLUMN region text COLLATE "C" NOT NULL DEFAULT '',
                    ADD COLUMN is_permanent boolean NOT NULL DEFAULT false,
                    ADD COLUMN crashes bytea,
                    ADD COLUMN rare_status smallint GENERATED ALWAYS AS (CASE WHEN status > 1 THEN status END) STORED
                """,
                $"CREATE INDEX {tables.Servers.Index("permanent")} ON {tables.Servers} (server_type, server_key) WHERE is_permanent",
                $"CREATE INDEX {tables.Servers.Index("rare_status")} ON {tables.Servers} (server_type, rare_status, server_key) WHERE rare_status IS NOT NULL",
                $"CREATE INDEX {tables.Servers.Index("region")} ON {tables.Servers} (server_type, region, server_key) WHERE region <> ''",
            ],
            SchemaColumns.Version4(tables)),
    ];

    public async Task PrepareAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (connection.PostgreSqlVersion.Major < OldestServer)
        {
            throw new StoreUnavailableException($"{database}: PostgreSQL {OldestServer} or later is needed; this is {connection.PostgreSqlVersion}.");
        }

        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.ReadCommitted, cancellationToken);
        await RefuseEncodingAsync(connection, cancellationToken);
        await RunAsync(connection, "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", cancellationToken, $"{SchemaPlan.Product} {tables.Marker}");
        var found = await FindAsync(connection, cancellationToken);
        foreach (var step in SchemaPlan.Decide(found, _migrations, tables, autoCreate, database))
        {
            foreach (var statement in step.Statements)
            {
                // As long as it takes: tables may be large, and an upgrade that was given up begins anew at the next start.
                await using var command = Command(connection, statement);
                command.CommandTimeout = 0;
                await command.ExecuteNonQueryAsync(cancellationToken);
            }

            await RunAsync(connection, $"DELETE FROM {tables.Marker}", cancellationToken);
            await RunAsync(connection, $"INSERT INTO {tables.Marker} (product, version) VALUES ($1, $2)", cancellationToken, SchemaPlan.Product, step.Version);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private async Task RefuseEncodingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, "SHOW server_encoding");
        if (await command.ExecuteScalarAsync(cancellationToken) is not "UTF8" and var encoding)
        {
            throw new StoreSchemaException($"{database} has the encoding {encoding}; states and keys need one that holds every character: create the database with ENCODING 'UTF8'.");
        }
    }

    private async Task<FoundSchema> FindAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var columns = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal);
        foreach (var table in tables.All)
        {
            await using var command = Command(connection, "SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped", table.ToString());
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var names = new HashSet<string>(StringComparer.Ordinal);
            while (await reader.ReadAsync(cancellationToken))
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

        await using var read = Command(connection, $"SELECT product::text, version::text FROM {tables.Marker} LIMIT 1");
        await using var row = await read.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? FoundSchema.WithMarker(columns, row.IsDBNull(0) ? null : row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1)) : new FoundSchema(columns, null, 0);
    }

    private async Task RunAsync(NpgsqlConnection connection, string text, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = Command(connection, text, values);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private NpgsqlCommand Command(NpgsqlConnection connection, string text, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlCommand(text, connection) { CommandTimeout = (int)timeout.TotalSeconds };
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
