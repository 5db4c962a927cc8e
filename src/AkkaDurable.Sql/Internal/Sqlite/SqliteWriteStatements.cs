using System.Runtime.InteropServices;
using AkkaDurable.Sql.Internal.Reading;
using AkkaDurable.Sql.Internal.Writing;
using AkkaDurable.Storage;
using Microsoft.Data.Sqlite;

namespace AkkaDurable.Sql.Internal.Sqlite;

/// <summary>The writes on one connection, prepared once.</summary>
internal sealed class SqliteWriteStatements : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _commit;
    private readonly SqliteCommand _rollback;
    private readonly SqliteCommand _find;
    private readonly SqliteCommand _create;
    private readonly SqliteCommand _take;
    private readonly SqliteCommand _saveState;
    private readonly SqliteCommand _saveStatus;
    private readonly SqliteCommand _delete;
    private readonly SqliteLeaseStatements _leases;

    public SqliteWriteStatements(SqliteConnection connection, TableNames tables)
    {
        const string Record = "server_type = $type AND server_key = $key";
        const string Claimed = Record + " AND epoch = $epoch AND claim_id = $claim";
        const string Saved = "revision = revision + 1, status = $status, updated_at = $now, recent_calls = COALESCE($calls, recent_calls), lease_id = CASE WHEN $status = 0 THEN lease_id ELSE 0 END";
        _connection = connection;
        _leases = new SqliteLeaseStatements(connection, tables);
        _commit = Command("COMMIT");
        _rollback = Command("ROLLBACK");
        _find = Command($"SELECT {RecordColumns.WithState} FROM {tables.Servers} WHERE {Record}", "$type", "$key");
        _create = Command(
            $"INSERT INTO {tables.Servers} (server_type, server_key, epoch, claim_id, revision, status, owner, state_version, created_at, updated_at, lease_id) VALUES ($type, $key, 1, $claim, 0, 0, $owner, 0, $now, $now, $lease)",
            "$type", "$key", "$claim", "$owner", "$now", "$lease");
        _take = Command(
            $"UPDATE {tables.Servers} SET epoch = epoch + 1, claim_id = $claim, owner = $owner, status = 0, updated_at = $now, lease_id = $lease WHERE {Record}",
            "$type", "$key", "$claim", "$owner", "$now", "$lease");
        _saveState = Command(
            $"UPDATE {tables.Servers} SET {Saved}, state_version = $version, state = CAST($state AS TEXT) WHERE {Claimed} AND revision = $revision",
            "$type", "$key", "$epoch", "$claim", "$revision", "$status", "$now", "$calls", "$version", "$state");
        _saveStatus = Command(
            $"UPDATE {tables.Servers} SET {Saved} WHERE {Claimed} AND revision = $revision",
            "$type", "$key", "$epoch", "$claim", "$revision", "$status", "$now", "$calls");
        _delete = Command($"DELETE FROM {tables.Servers} WHERE {Claimed}", "$type", "$key", "$epoch", "$claim");
    }

    public void Commit() => _commit.ExecuteNonQuery();

    public void Rollback() => _rollback.ExecuteNonQuery();

    public void Claim(ClaimOperation claim, DateTimeOffset now)
    {
        var found = Find(claim.Id);
        if (found is not null && !ClaimRules.Allow(claim.Request, found.Status, found.StateVersion))
        {
            claim.Refused(found);
            return;
        }

        var request = claim.Request;
        if (found is not null && ClaimRules.Waits(request, found.LeaseId) is not 0 and var lease && _leases.Exists(lease))
        {
            claim.Held(found);
            return;
        }

        Execute(found is null ? _create : _take, claim.Id.ServerType, claim.Id.Key, request.ClaimId, request.Owner, now.ToUnixTimeMilliseconds(), request.LeaseId);
        if (found is null)
        {
            claim.Created(now);
        }
        else
        {
            claim.Granted(found, now);
        }
    }

    public void Save(SaveOperation save, DateTimeOffset now)
    {
        var request = save.Request;
        object calls = request.RecentCalls is { } remembered ? Bytes(remembered) : DBNull.Value;
        var done = request.State is { } state
            ? Execute(
                _saveState, save.Id.ServerType, save.Id.Key, request.Token.Epoch, request.Token.ClaimId, request.Revision, (int)request.Status, now.ToUnixTimeMilliseconds(),
                calls, request.StateVersion, Bytes(state))
            : Execute(
                _saveStatus, save.Id.ServerType, save.Id.Key, request.Token.Epoch, request.Token.ClaimId, request.Revision, (int)request.Status, now.ToUnixTimeMilliseconds(),
                calls);
        save.Decide(done == 1 ? SaveOutcome.Saved : SaveOutcome.Conflict);
    }

    public void Delete(DeleteOperation delete) =>
        delete.Decide(Execute(_delete, delete.Id.ServerType, delete.Id.Key, delete.Token.Epoch, delete.Token.ClaimId) == 1 ? SaveOutcome.Saved : SaveOutcome.Conflict);

    public void Run(SqliteLeaseOperation operation) => operation.Run(_leases);

    public void Dispose()
    {
        _leases.Dispose();
        foreach (var command in (SqliteCommand[])[_commit, _rollback, _find, _create, _take, _saveState, _saveStatus, _delete])
        {
            command.Dispose();
        }
    }

    private StoredServer? Find(ServerId id)
    {
        Set(_find, id.ServerType, id.Key);
        using var reader = _find.ExecuteReader();
        return reader.Read() ? RecordColumns.Read(reader, id, withState: true, SqliteDatabase.Time) : null;
    }

    /// <summary>The driver takes whole arrays only; a state is mostly one already.</summary>
    private static byte[] Bytes(ReadOnlyMemory<byte> state) =>
        MemoryMarshal.TryGetArray(state, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length ? segment.Array : state.ToArray();

    private static int Execute(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        Set(command, values);
        return command.ExecuteNonQuery();
    }

    private static void Set(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }
    }

    private SqliteCommand Command(string text, params ReadOnlySpan<string> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = text;
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = parameter });
        }

        return command;
    }
}
