using System.Data.Common;
using AkkaDurable.Placement;
using AkkaDurable.Sql.Internal;
using AkkaDurable.Sql.Internal.Placing;
using AkkaDurable.Sql.Internal.Postgres;
using AkkaDurable.Sql.Internal.Reading;
using AkkaDurable.Sql.Internal.Sqlite;
using AkkaDurable.Sql.Internal.Writing;
using AkkaDurable.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaDurable.Sql;

/// <summary>Keeps records in SQLite or PostgreSQL: one row a server. Writes that wait at the same time share one round trip and one commit; each is answered for itself.</summary>
/// <remarks>
/// <para>Operations on one record run in the order in which they were called. A record that conflicts or cannot be written fails alone, never those that were written with it.</para>
/// <para>A broken connection fails what was on its way over it; the next use opens a new one.</para>
/// </remarks>
public sealed partial class SqlStateStore : IStateStore
{
    private const int MaxPageSize = 1_000;

    private readonly ISqlDatabase _database;
    private readonly RecordQueries _queries;
    private readonly WriteBacklog _backlog;
    private readonly GroupWriter _writer;
    private readonly INodeLeaseStore _leases;
    private int _disposed;

    private SqlStateStore(SqlStateStoreOptions options, TimeProvider timeProvider, ILogger logger)
    {
        var tables = new TableNames(options.Schema, options.TablePrefix);
        _database = OptionRules.IsSqlite(options) ? new SqliteDatabase(options, tables) : new PostgresDatabase(options, tables);
        _queries = new RecordQueries(tables, _database, (int)options.CommandTimeout.TotalSeconds);
        _backlog = new WriteBacklog(options.MaxWaiting);
        var executors = Enumerable.Range(0, _database.Writers).Select(_ => _database.CreateExecutor()).ToArray();
        _writer = new GroupWriter(executors, _backlog, options.MaxGroupSize, _database.Name, timeProvider, logger);
        _leases = _database.CreateLeases(_writer);
        PlacementHistory = new SqlPlacementHistory(_database, tables, options.CommandTimeout);
    }

    /// <inheritdoc/>
    public IPlacementHistory? PlacementHistory { get; }

    /// <summary>How many commits the writers have made.</summary>
    internal long Commits => _writer.Commits;

    /// <summary>Makes a store. It connects when it is first used; call <see cref="PrepareAsync"/> before anything else.</summary>
    /// <param name="options">Where and how; later changes of the object have no effect.</param>
    /// <param name="timeProvider">The clock of <see cref="StoredServer.CreatedAt"/> and <see cref="StoredServer.UpdatedAt"/>, cut to milliseconds; left out, that of the system.</param>
    /// <param name="loggers">Where to log outages; left out, nowhere.</param>
    /// <returns>The store.</returns>
    /// <exception cref="DurableConfigurationException">An option breaks a rule.</exception>
    public static SqlStateStore Create(SqlStateStoreOptions options, TimeProvider? timeProvider = null, ILoggerFactory? loggers = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return new SqlStateStore(options.Copy(), timeProvider ?? TimeProvider.System, (loggers ?? NullLoggerFactory.Instance).CreateLogger<SqlStateStore>());
    }

    /// <inheritdoc/>
    public async Task PrepareAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfClosed();
        await _database.PrepareAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task PingAsync(CancellationToken cancellationToken = default) => QueryAsync(_queries.PingAsync, cancellationToken);

    /// <inheritdoc/>
    public async Task<int> RegisterTypeAsync(string serverType, int shardCount, CancellationToken cancellationToken = default)
    {
        ThrowIfClosed();
        return await _database.RegisterTypeAsync(serverType, shardCount, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return WriteAsync(new ClaimOperation(request, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<SaveOutcome> SaveAsync(SaveRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return WriteAsync(new SaveOperation(request, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<SaveOutcome> DeleteAsync(ServerId id, ClaimToken token, CancellationToken cancellationToken = default) =>
        WriteAsync(new DeleteOperation(id, token, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<StoredServer?> ReadAsync(ServerId id, CancellationToken cancellationToken = default) =>
        await QueryAsync((connection, cancellation) => _queries.ReadAsync(connection, id, cancellation), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredServer>> ListAsync(ServerQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.PageSize, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.PageSize, MaxPageSize, nameof(query));
        return QueryAsync((connection, cancellation) => _queries.ListAsync(connection, query, cancellation), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredServer>> ListOrphansAsync(OrphanQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.PageSize, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.PageSize, MaxPageSize, nameof(query));
        return QueryAsync((connection, cancellation) => _queries.ListOrphansAsync(connection, query, cancellation), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<ServerStatus, long>> CountAsync(ServerQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return QueryAsync((connection, cancellation) => _queries.CountAsync(connection, query, cancellation), cancellationToken);
    }

    /// <summary>Writes what is waiting, then closes every connection. Nothing can be written afterwards.</summary>
    /// <returns>A task that ends when everything is closed.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _writer.DisposeAsync();
        await _database.DisposeAsync();
    }

    private async Task<T> QueryAsync<T>(Func<DbConnection, CancellationToken, Task<T>> query, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        return await _database.QueryAsync(query, cancellationToken);
    }

    private void ThrowIfClosed()
    {
        if (Closed() is { } closed)
        {
            throw closed;
        }
    }

    private StoreUnavailableException? Closed() => _disposed == 0 ? null : new StoreUnavailableException($"{_database.Name}: the store is closed.");

    private ValueTask<T> WriteAsync<T>(WriteOperation<T> operation, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<T>(cancellationToken);
        }

        if (!_backlog.TryEnter(operation.Size))
        {
            return ValueTask.FromException<T>(StoreUnavailableException.Overloaded(
                $"{_database.Name}: {_backlog.Most} writes (SqlStateStoreOptions.MaxWaiting), or {_backlog.MostBytes >> 20} MiB of states, are waiting already; this one was not taken and not written."));
        }

        if (_writer.TryAdd(operation))
        {
            return operation.Waiting;
        }

        _backlog.Leave(1, operation.Size);
        return ValueTask.FromException<T>(StoreUnavailableException.NotApplied($"{_database.Name}: the store is closed; this was not written."));
    }
}
