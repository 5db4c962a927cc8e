using AkkaDurable.Sql.Internal.Reading;
using AkkaDurable.Sql.Internal.Writing;
using AkkaDurable.Storage;
using Microsoft.Data.Sqlite;

namespace AkkaDurable.Sql.Internal.Sqlite;

/// <summary>The writes on one connection, prepared once.</summary>
internal sealed class SqliteWriteStatements : IDisposable
{
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _rollback;
    private readonly SqliteCommand _find;
    private readonly SqliteStatement _create;
    private readonly SqliteStatement _take;
    private readonly SqliteStatement _takeToRegion;
    private readonly SqliteStatement _saveState;
    private readonly SqliteStatement _saveStatus;
    private readonly SqliteStatement _saveRare;
    private readonly SqliteStatement _delete;
    private readonly SqliteLeaseStatements _leases;

    public SqliteWriteStatements(SqliteConnection connection, TableNames tables)
    {
        const string Record = "server_type = ?1 AND server_key = ?2";
        const string Claimed = Record + " AND epoch = ?3 AND claim_id = ?4";
        const string Saved = "revision = revision + 1, status = ?6, updated_at = ?7, recent_calls = COALESCE(?8, recent_calls), lease_id = CASE WHEN ?6 = 0 THEN lease_id ELSE 0 END";
        _leases = new SqliteLeaseStatements(connection, tables);
        _commit = new SqliteStatement(connection, "COMMIT");
        _rollback = new SqliteStatement(connection, "ROLLBACK");
        _find = connection.CreateCommand();
        _find.CommandText = $"SELECT {RecordColumns.WithState} FROM {tables.Servers} WHERE server_type = $type AND server_key = $key";
        _find.Parameters.Add(new SqliteParameter { ParameterName = "$type" });
        _find.Parameters.Add(new SqliteParameter { ParameterName = "$key" });
        _create = new SqliteStatement(
            connection,
            $"INSERT INTO {tables.Servers} (server_type, server_key, epoch, claim_id, revision, status, owner, state_version, created_at, updated_at, lease_id, region) VALUES (?1, ?2, 1, ?3, 0, 0, ?4, 0, ?5, ?5, ?6, ?7)");
        _take = new SqliteStatement(connection, $"UPDATE {tables.Servers} SET epoch = epoch + 1, claim_id = ?3, owner = ?4, status = 0, updated_at = ?5, lease_id = ?6 WHERE {Record}");
        _takeToRegion = new SqliteStatement(connection, $"UPDATE {tables.Servers} SET epoch = epoch + 1, claim_id = ?3, owner = ?4, status = 0, updated_at = ?5, lease_id = ?6, region = ?7 WHERE {Record}");
        _saveState = new SqliteStatement(connection, $"UPDATE {tables.Servers} SET {Saved}, state_version = ?9, state = ?10 WHERE {Claimed} AND revision = ?5");
        _saveStatus = new SqliteStatement(connection, $"UPDATE {tables.Servers} SET {Saved} WHERE {Claimed} AND revision = ?5");
        _saveRare = new SqliteStatement(
            connection,
            $"""
            UPDATE {tables.Servers}
            SET {Saved}, state_version = CASE WHEN ?10 IS NULL THEN state_version ELSE ?9 END, state = COALESCE(?10, state), is_permanent = COALESCE(?11, is_permanent), crashes = COALESCE(?12, crashes)
            WHERE {Claimed} AND revision = ?5
            """);
        _delete = new SqliteStatement(connection, $"DELETE FROM {tables.Servers} WHERE {Claimed}");
    }

    public void Commit() => _commit.Run();

    public void Rollback() => _rollback.Run();

    public void Claim(ClaimOperation claim, DateTimeOffset now)
    {
        var request = claim.Request;
        var found = Find(claim.Id);
        if (found is not null && !ClaimRules.Allow(request, found.Status, found.StateVersion))
        {
            claim.Refused(found);
            return;
        }

        if (found is not null && ClaimRules.Waits(request, found.LeaseId) is not 0 and var lease && _leases.Exists(lease))
        {
            claim.Held(found);
            return;
        }

        // A region that is set is written to its index, be it the same or not.
        var keepsRegion = found?.Region == request.Region;
        var statement = found is null ? _create : keepsRegion ? _take : _takeToRegion;
        Record(statement, claim.Id).Bind(3, request.ClaimId).Bind(4, request.Owner).Bind(5, now.ToUnixTimeMilliseconds()).Bind(6, request.LeaseId);
        if (!keepsRegion)
        {
            statement.Bind(7, request.Region);
        }

        statement.Run();
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
        var statement = save.HasRare ? _saveRare : request.State is null ? _saveStatus : _saveState;
        if (request.State is { } state)
        {
            statement.Bind(9, request.StateVersion).BindText(10, state.Span);
        }

        if (save.HasRare)
        {
            BindRare(request);
        }

        Record(statement, save.Id, request.Token)
            .Bind(5, request.Revision)
            .Bind(6, (int)request.Status)
            .Bind(7, now.ToUnixTimeMilliseconds())
            .BindBytes(8, request.RecentCalls);
        save.Decide(statement.Run() == 1 ? SaveOutcome.Saved : SaveOutcome.Conflict);
    }

    public void Delete(DeleteOperation delete) => delete.Decide(Record(_delete, delete.Id, delete.Token).Run() == 1 ? SaveOutcome.Saved : SaveOutcome.Conflict);

    public void Run(SqliteLeaseOperation operation) => operation.Run(_leases);

    public void Dispose()
    {
        _leases.Dispose();
        _find.Dispose();
        foreach (var statement in (SqliteStatement[])[_commit, _rollback, _create, _take, _takeToRegion, _saveState, _saveStatus, _saveRare, _delete])
        {
            statement.Dispose();
        }
    }

    // What is not bound is null.
    private void BindRare(SaveRequest request)
    {
        if (request.IsPermanent is { } permanent)
        {
            _saveRare.Bind(11, permanent ? 1 : 0);
        }

        _saveRare.BindBytes(12, request.Crashes);
    }

    private StoredServer? Find(ServerId id)
    {
        _find.Parameters[0].Value = id.ServerType;
        _find.Parameters[1].Value = id.Key;
        using var reader = _find.ExecuteReader();
        return reader.Read() ? RecordColumns.Read(reader, id, withState: true, SqliteDatabase.Time) : null;
    }

    private static SqliteStatement Record(SqliteStatement statement, ServerId id) => statement.Bind(1, id.ServerType).Bind(2, id.Key);

    private static SqliteStatement Record(SqliteStatement statement, ServerId id, ClaimToken token) => Record(statement, id).Bind(3, token.Epoch).Bind(4, token.ClaimId);
}
