using AkkaDurable.Sql.Internal.Writing;
using Microsoft.Data.Sqlite;

namespace AkkaDurable.Sql.Internal.Sqlite;

/// <summary>Runs a group statement by statement in one transaction. SQLite is called synchronously, so the loop around this has a thread of its own.</summary>
internal sealed class SqliteGroupExecutor(SqliteFile file, TableNames tables) : IGroupExecutor
{
    private SqliteConnection? _connection;
    private SqliteWriteStatements? _statements;
    private SqliteWriteLock? _lock;

    public bool Blocks => true;

    public bool RepeatsRecords => true;

    public ValueTask<WriteFailure?> ExecuteAsync(IReadOnlyList<WriteOperation> group, DateTimeOffset now) => ValueTask.FromResult(Execute(group, now));

    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    private WriteFailure? Execute(IReadOnlyList<WriteOperation> group, DateTimeOffset now)
    {
        SqliteWriteStatements statements;
        try
        {
            statements = Open();
            _lock!.Take();
        }
        catch (SqliteException exception)
        {
            Close();
            return new WriteFailure(FailureKind.Unreachable, SqliteErrors.Describe(file.Name, "not written", exception), exception);
        }

        var ended = false;
        try
        {
            foreach (var operation in group)
            {
                Run(statements, operation, now);
            }

            statements.Commit();
            _lock.Leave();
            ended = true;
            return null;
        }
        catch (SqliteException exception)
        {
            var kind = SqliteErrors.Classify(exception);
            ended = kind == FailureKind.Member && TryRollback(statements);
            return new WriteFailure(kind, SqliteErrors.Describe(file.Name, "not written", exception), exception);
        }
        finally
        {
            // Whatever happened: no transaction may stay open and keep everybody out.
            if (!ended)
            {
                Close();
            }
        }
    }

    private static void Run(SqliteWriteStatements statements, WriteOperation operation, DateTimeOffset now)
    {
        switch (operation)
        {
            case ClaimOperation claim: statements.Claim(claim, now); break;
            case SaveOperation save: statements.Save(save, now); break;
            case DeleteOperation delete: statements.Delete(delete); break;
            case SqliteLeaseOperation lease: statements.Run(lease); break;
        }
    }

    private static bool TryRollback(SqliteWriteStatements statements)
    {
        try
        {
            statements.Rollback();
            return true;
        }
        catch (SqliteException)
        {
            // SQLite has rolled back already, or cannot; either way closing the connection ends the transaction.
            return false;
        }
    }

    private SqliteWriteStatements Open()
    {
        if (_statements is null)
        {
            _connection = file.OpenForWriting();
            _lock = new SqliteWriteLock(_connection, file.BusyTimeout);
            _statements = new SqliteWriteStatements(_connection, tables);
        }

        return _statements;
    }

    private void Close()
    {
        _statements?.Dispose();
        _statements = null;
        _lock?.Dispose();
        _lock = null;
        _connection?.Dispose();
        _connection = null;
    }
}
