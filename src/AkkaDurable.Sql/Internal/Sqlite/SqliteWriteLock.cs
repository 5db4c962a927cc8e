using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AkkaDurable.Sql.Internal.Sqlite;

/// <summary>Takes the file's one write lock, and sees to it that several processes get their turns.</summary>
/// <remarks>
/// SQLite has no queue for its lock: who waits looks again now and then, and a busy process takes it back within microseconds of leaving it; measured,
/// the others then wait for seconds. So we look often while waiting; and a process that has written for a while, and knows of others, leaves a gap that
/// is longer than the time between two looks.
/// </remarks>
internal sealed class SqliteWriteLock(SqliteConnection connection, TimeSpan patience) : IDisposable
{
    /// <summary>The busy time-out that the connection must have: the time between two looks.</summary>
    public static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(2.5);

    // Without others a gap would only cost. They are remembered for a while after they were last noticed.
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(2);

    // Real time, not the clock of the records: this is about threads and processes.
    private static readonly TimeProvider Clock = TimeProvider.System;

    private readonly SqliteCommand _dataVersion = new("PRAGMA data_version", connection);
    private readonly ManualResetEventSlim _never = new();
    private object? _lastDataVersion;
    private long? _othersNoticed;
    private long? _turnBegan;
    private long? _left;

    /// <summary>Begins a write transaction.</summary>
    /// <exception cref="SqliteException">Somebody else has held the lock for too long, or the file cannot be written.</exception>
    public void Take()
    {
        if (WasIdle())
        {
            _turnBegan = null;
        }
        else if (IsTurnOver())
        {
            // There is nothing to wait for: whether somebody takes the lock meanwhile cannot be seen.
            _never.Wait(Gap);
            _turnBegan = null;
        }

        Begin();
        _turnBegan ??= Clock.GetTimestamp();

        // It differs from the last time when another connection has committed.
        var dataVersion = _dataVersion.ExecuteScalar();
        if (_lastDataVersion is not null && !_lastDataVersion.Equals(dataVersion))
        {
            _othersNoticed = Clock.GetTimestamp();
        }

        _lastDataVersion = dataVersion;
    }

    /// <summary>Notes that the transaction has ended.</summary>
    public void Leave() => _left = Clock.GetTimestamp();

    public void Dispose()
    {
        _never.Dispose();
        _dataVersion.Dispose();
    }

    /// <summary>Not a command of the driver: that sleeps 150 ms whenever it meets the lock. Here SQLite itself waits, by the connection's busy time-out.</summary>
    private void Begin()
    {
        var started = Clock.GetTimestamp();
        int result;
        while ((result = raw.sqlite3_exec(connection.Handle, "BEGIN IMMEDIATE")) == raw.SQLITE_BUSY && Clock.GetElapsedTime(started) < patience)
        {
            _othersNoticed = Clock.GetTimestamp();
            _turnBegan = null;
        }

        SqliteException.ThrowExceptionForRC(result, connection.Handle);
    }

    private bool WasIdle() => _left is not { } left || Clock.GetElapsedTime(left) >= BetweenLooks;

    private bool IsTurnOver() =>
        _othersNoticed is { } noticed && Clock.GetElapsedTime(noticed) < Memory && _turnBegan is { } began && Clock.GetElapsedTime(began) >= Turn;
}
