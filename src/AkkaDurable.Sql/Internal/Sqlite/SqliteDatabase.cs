using System.Data.Common;
using AkkaDurable.Sql.Internal.Leasing;
using AkkaDurable.Sql.Internal.Writing;
using AkkaDurable.Storage;
using Microsoft.Data.Sqlite;

namespace AkkaDurable.Sql.Internal.Sqlite;

internal sealed class SqliteDatabase : ISqlDatabase
{
    private static readonly TimeSpan BusyPause = TimeSpan.FromMilliseconds(20);

    private const int Readers = 4;

    private readonly SqliteFile _file;
    private readonly SqliteReaders _readers;
    private readonly SqliteReaders _leaseReaders;
    private readonly SqliteSchema _schema;
    private readonly TableNames _tables;

    public SqliteDatabase(SqlStateStoreOptions options, TableNames tables)
    {
        _file = new SqliteFile(options);
        _readers = new SqliteReaders(_file, Readers);
        _leaseReaders = new SqliteReaders(_file, 1);
        _schema = new SqliteSchema(tables, options.AutoCreate, _file.Name);
        _tables = tables;
    }

    public string Name => _file.Name;

    public int Writers => 1;

    public string WithoutIndex => "NOT INDEXED";

    public string KeyWithoutIndex => "server_key";

    public static DateTimeOffset Time(DbDataReader reader, int column) => DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column));

    public DateTimeOffset ReadTime(DbDataReader reader, int column) => Time(reader, column);

    public Task PrepareAsync(CancellationToken cancellationToken) => WhileBusyAsync(
        "the tables could not be prepared",
        _file.OpenOrCreate,
        connection =>
        {
            _schema.Prepare(connection);
            return true;
        },
        cancellationToken);

    public Task<int> RegisterTypeAsync(string serverType, int shardCount, CancellationToken cancellationToken) => WhileBusyAsync(
        "the type could not be registered",
        _file.Open,
        connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText =
                $"INSERT INTO {_tables.Types} (server_type, shard_count) VALUES ($type, $count) ON CONFLICT (server_type) DO NOTHING; SELECT shard_count FROM {_tables.Types} WHERE server_type = $type";
            command.Parameters.AddWithValue("$type", serverType);
            command.Parameters.AddWithValue("$count", shardCount);
            return (int)(long)command.ExecuteScalar()!;
        },
        cancellationToken);

    public Task<T> QueryAsync<T>(Func<DbConnection, CancellationToken, Task<T>> query, CancellationToken cancellationToken) => QueryAsync(_readers, query, cancellationToken);

    public Task WriteAsync(string failure, Func<DbConnection, CancellationToken, Task> work, CancellationToken cancellationToken) => WhileBusyAsync(
        failure,
        _file.Open,
        connection =>
        {
            // The driver does everything at once, and WhileBusyAsync has taken a thread for it.
            work(connection, cancellationToken).GetAwaiter().GetResult();
            return true;
        },
        cancellationToken);

    public ILeaseTable CreateLeaseTable() => new SqliteLeaseTable(_tables, this);

    public INodeLeaseStore CreateLeases(GroupWriter writer) => new SqliteLeases(writer, _tables, Name, (query, cancellationToken) => QueryAsync(_leaseReaders, query, cancellationToken));

    private async Task<T> QueryAsync<T>(SqliteReaders readers, Func<DbConnection, CancellationToken, Task<T>> query, CancellationToken cancellationToken)
    {
        try
        {
            return await readers.RunAsync(connection => query(connection, cancellationToken), cancellationToken);
        }
        catch (SqliteException exception)
        {
            throw new StoreUnavailableException(SqliteErrors.Describe(Name, "the query failed", exception), exception);
        }
    }

    public IGroupExecutor CreateExecutor() => new SqliteGroupExecutor(_file, _tables);

    public ValueTask DisposeAsync()
    {
        _readers.Dispose();
        _leaseReaders.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs a write that stands alone, on a connection of its own.</summary>
    public Task<T> WriteAsync<T>(string failure, Func<SqliteConnection, T> work, CancellationToken cancellationToken) => WhileBusyAsync(failure, _file.Open, work, cancellationToken);

    /// <summary>
    /// Runs something on a connection of its own, again and again while the file is busy. SQLite's own waiting is not enough here: some locks, such as
    /// that for the switch to WAL by several processes at once, it reports without waiting.
    /// </summary>
    private async Task<T> WhileBusyAsync<T>(string failure, Func<SqliteConnection> open, Func<SqliteConnection, T> work, CancellationToken cancellationToken)
    {
        // Not the clock of the records, which a test may have stopped: this is about another process and a real lock.
        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return await Task.Run(() => OnConnection(open, work), cancellationToken);
            }
            catch (SqliteException exception) when (SqliteErrors.IsBusy(exception) && clock.GetElapsedTime(start) < _file.BusyTimeout)
            {
                await Task.Delay(BusyPause, clock, cancellationToken);
            }
            catch (SqliteException exception) when (SqliteErrors.IsNoDatabase(exception))
            {
                throw new StoreSchemaException($"{Name} is not an SQLite database. Nothing was changed. Use another file.");
            }
            catch (SqliteException exception)
            {
                throw new StoreUnavailableException(SqliteErrors.Describe(Name, failure, exception), exception);
            }
        }
    }

    private static T OnConnection<T>(Func<SqliteConnection> open, Func<SqliteConnection, T> work)
    {
        using var connection = open();
        return work(connection);
    }
}
