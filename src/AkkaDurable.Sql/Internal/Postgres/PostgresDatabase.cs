using System.Data.Common;
using AkkaDurable.Sql.Internal.Leasing;
using AkkaDurable.Sql.Internal.Writing;
using AkkaDurable.Storage;
using Npgsql;

namespace AkkaDurable.Sql.Internal.Postgres;

internal sealed class PostgresDatabase : ISqlDatabase
{
    // Connections for queries, beside those of the writers. Every node has as many, and a server takes 100 as it comes.
    private const int QueryConnections = 6;

    // For leases, whose renewals must not wait for anything.
    private const int LeaseConnections = 2;

    private readonly NpgsqlDataSource _source;
    private readonly PostgresConnections _connections;
    private readonly PostgresConnections _leaseConnections;
    private readonly TableNames _tables;
    private readonly PostgresSchema _schema;
    private readonly PostgresStatements _statements;
    private readonly TimeSpan _timeout;

    public PostgresDatabase(SqlStateStoreOptions options, TableNames tables)
    {
        var connection = OptionRules.Postgres(options);
        var given = new DbConnectionStringBuilder { ConnectionString = options.ConnectionString };
        Name = $"PostgreSQL ({connection.Host}:{connection.Port}/{connection.Database ?? connection.Username})";
        Writers = options.Writers;
        _tables = tables;
        _timeout = options.CommandTimeout;
        _schema = new PostgresSchema(tables, options.AutoCreate, Name, _timeout);
        _statements = new PostgresStatements(tables, _timeout);
        _source = Source(connection, given, options);
        _connections = new PostgresConnections(_source, Name);
        _leaseConnections = new PostgresConnections(LeaseSource(connection, _statements.Session), Name);
    }

    public string Name { get; }

    public int Writers { get; }

    public string WithoutIndex => "";

    public string KeyWithoutIndex => "server_key || ''";

    public static DateTimeOffset Time(DbDataReader reader, int column) => new(reader.GetDateTime(column), TimeSpan.Zero);

    public DateTimeOffset ReadTime(DbDataReader reader, int column) => Time(reader, column);

    public Task PrepareAsync(CancellationToken cancellationToken) => _connections.RunAsync(
        "the tables could not be prepared",
        async connection =>
        {
            await _schema.PrepareAsync(connection, cancellationToken);
            return true;
        },
        cancellationToken);

    public Task<int> RegisterTypeAsync(string serverType, int shardCount, CancellationToken cancellationToken) => _connections.RunAsync(
        "the type could not be registered",
        async connection =>
        {
            // Two statements: the second sees what another node inserted while the first waited for it.
            await using var batch = new NpgsqlBatch(connection) { Timeout = (int)_timeout.TotalSeconds };
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"INSERT INTO {_tables.Types} (server_type, shard_count) VALUES ($1, $2) ON CONFLICT (server_type) DO NOTHING")
            {
                Parameters = { new NpgsqlParameter<string> { TypedValue = serverType }, new NpgsqlParameter<int> { TypedValue = shardCount } },
            });
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"SELECT shard_count FROM {_tables.Types} WHERE server_type = $1")
            {
                Parameters = { new NpgsqlParameter<string> { TypedValue = serverType } },
            });
            return (int)(await batch.ExecuteScalarAsync(cancellationToken))!;
        },
        cancellationToken);

    public Task<T> QueryAsync<T>(Func<DbConnection, CancellationToken, Task<T>> query, CancellationToken cancellationToken) =>
        _connections.RunAsync("the query failed", connection => query(connection, cancellationToken), cancellationToken);

    public Task WriteAsync(string failure, Func<DbConnection, CancellationToken, Task> work, CancellationToken cancellationToken) => _connections.RunAsync(
        failure,
        async connection =>
        {
            await work(connection, cancellationToken);
            return true;
        },
        cancellationToken);

    public IGroupExecutor CreateExecutor() => new PostgresGroupExecutor(_source, _statements, Name, _timeout);

    public INodeLeaseStore CreateLeases(GroupWriter writer) => new PostgresLeases(_leaseConnections, _tables, _timeout);

    public ILeaseTable CreateLeaseTable() => new PostgresLeaseTable(_leaseConnections, _tables, _timeout);

    public async ValueTask DisposeAsync()
    {
        await _connections.DisposeAsync();
        await _leaseConnections.DisposeAsync();
    }

    private static NpgsqlDataSource Source(NpgsqlConnectionStringBuilder connection, DbConnectionStringBuilder given, SqlStateStoreOptions options)
    {
        // Ours is never part of a transaction of the caller.
        connection.Enlist = false;

        // Nothing that a query leaves behind on a connection matters to the next one; the writers keep theirs.
        connection.NoResetOnClose = true;
        connection.CommandTimeout = (int)options.CommandTimeout.TotalSeconds;
        if (!given.ContainsKey("Timeout"))
        {
            connection.Timeout = connection.CommandTimeout;
        }

        if (!given.ContainsKey("Maximum Pool Size") && !given.ContainsKey("MaxPoolSize"))
        {
            connection.MaxPoolSize = Math.Max(connection.MinPoolSize, options.Writers + QueryConnections);
        }

        // Whoever sits behind a pooler that cannot keep prepared statements turns them off with Max Auto Prepare=0.
        if (!given.ContainsKey("Max Auto Prepare") && !given.ContainsKey("MaxAutoPrepare"))
        {
            connection.MaxAutoPrepare = 40;
            connection.AutoPrepareMinUsages = 2;
        }

        connection.ApplicationName ??= "AkkaDurable";
        return new NpgsqlDataSourceBuilder(connection.ConnectionString).Build();
    }

    /// <summary>The same, with a pool of its own, and with the settings of the writers on each connection.</summary>
    private static NpgsqlDataSource LeaseSource(NpgsqlConnectionStringBuilder connection, string session)
    {
        var own = new NpgsqlConnectionStringBuilder(connection.ConnectionString) { MinPoolSize = 0, MaxPoolSize = LeaseConnections };
        return new NpgsqlDataSourceBuilder(own.ConnectionString)
            .UsePhysicalConnectionInitializer(
                opened =>
                {
                    using var command = new NpgsqlCommand(session, opened);
                    command.ExecuteNonQuery();
                },
                async opened =>
                {
                    await using var command = new NpgsqlCommand(session, opened);
                    await command.ExecuteNonQueryAsync();
                })
            .Build();
    }
}
