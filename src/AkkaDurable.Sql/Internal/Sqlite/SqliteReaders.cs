using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace AkkaDurable.Sql.Internal.Sqlite;

/// <summary>Connections for queries; with a write-ahead log they neither wait for the writer nor hold it up.</summary>
internal sealed class SqliteReaders(SqliteFile file, int most) : IDisposable
{
    private readonly SemaphoreSlim _free = new(most);
    private readonly ConcurrentBag<SqliteConnection> _idle = [];
    private volatile bool _closed;

    /// <summary>Runs a query, which blocks, on a thread of the pool.</summary>
    public async Task<T> RunAsync<T>(Func<SqliteConnection, Task<T>> query, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => OnConnectionAsync(query), cancellationToken);
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryTake(out var connection))
        {
            connection.Dispose();
        }
    }

    private async Task<T> OnConnectionAsync<T>(Func<SqliteConnection, Task<T>> query)
    {
        if (!_idle.TryTake(out var connection))
        {
            connection = file.Open();
        }

        try
        {
            var result = await query(connection);
            _idle.Add(connection);
            connection = null;
            return result;
        }
        finally
        {
            connection?.Dispose();
            if (_closed)
            {
                Dispose();
            }
        }
    }
}
