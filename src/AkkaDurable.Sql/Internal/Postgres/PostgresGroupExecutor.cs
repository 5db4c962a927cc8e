using AkkaDurable.Sql.Internal.Reading;
using AkkaDurable.Sql.Internal.Writing;
using AkkaDurable.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AkkaDurable.Sql.Internal.Postgres;

/// <summary>Sends a group as one batch: one round trip, one transaction, one commit.</summary>
internal sealed class PostgresGroupExecutor(NpgsqlDataSource source, PostgresStatements statements, string database, TimeSpan timeout) : IGroupExecutor
{
    // The columns of a claim's outcome after those of the record: its number, whether it is allowed, whether it is held, and either whether it was made, or of what was made the type and key and then the place.
    private const int Number = RecordColumns.Count;

    // Only what goes by an index clears the page of old versions of its rows. With places alone pages would fill up; then each save has to move its row to another page and tell the index.
    private const int LooksUpEvery = 2;

    private static readonly Comparison<WriteOperation> ById = static (x, y) =>
    {
        var byType = string.CompareOrdinal(x.Id.ServerType, y.Id.ServerType);
        return byType != 0 ? byType : string.CompareOrdinal(x.Id.Key, y.Id.Key);
    };

    private readonly List<WriteOperation> _all = [];
    private readonly List<ClaimOperation> _claims = [];
    private readonly List<SaveOperation> _saves = [];
    private readonly List<SaveOperation> _rareSaves = [];
    private readonly List<DeleteOperation> _deletes = [];
    private readonly NpgsqlBatch _batch = new() { Timeout = (int)timeout.TotalSeconds };

    // Used again for each group, but on one connection only: they remember under which name it has prepared them, and another one knows no such name, or something else by it.
    private SaveOneCommand _saveOne = new(statements.SaveOne);
    private SaveManyCommand _saveMany = new(statements.Save);
    private SaveInPlaceCommand _saveInPlace = new(statements.SaveInPlace);
    private NpgsqlConnection? _connection;
    private bool _mixed;

    // Whether claims lock their records first, since some of them have lost a race.
    private bool _locksFirst;

    // Whether it is known of all records to be saved where they lie, and they need not be looked up.
    private bool _inPlace;
    private int _savings;

    public bool Blocks => false;

    /// <summary>A statement sees the table as it was before it, so a second operation on a record would not see the first.</summary>
    public bool RepeatsRecords => false;

    public async ValueTask<WriteFailure?> ExecuteAsync(IReadOnlyList<WriteOperation> group, DateTimeOffset now)
    {
        try
        {
            _connection ??= await OpenAsync();
        }
        catch (Exception exception) when (PostgresErrors.IsExpected(exception))
        {
            return new WriteFailure(FailureKind.Unreachable, PostgresErrors.Describe(database, "no connection", exception), exception);
        }

        Sort(group);
        var reusable = false;
        try
        {
            Fill(_connection, now);
            await using var reader = await _batch.ExecuteReaderAsync();
            await ReadOutcomesAsync(reader, now);
            reusable = true;
            return null;
        }
        catch (Exception exception) when (PostgresErrors.IsExpected(exception))
        {
            // The connection is not used again even when the server only refused something: the driver takes a statement that failed at just the use that
            // prepared it for one without results (npgsql #6391), and the next group, which has nothing to do with it, would fail.
            var kind = PostgresErrors.Classify(exception);
            var what = kind is not FailureKind.Unknown ? "not written" : "it is not known whether a write happened";
            return new WriteFailure(kind, PostgresErrors.Describe(database, what, exception), exception);
        }
        finally
        {
            // The states of the group need not stay in memory until the next one comes.
            Clear();
            if (!reusable)
            {
                await CloseAsync();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await _batch.DisposeAsync();
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = await source.OpenConnectionAsync();
        try
        {
            await using var command = new NpgsqlCommand(statements.Session, connection);
            await command.ExecuteNonQueryAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Really closes the connection: back in the pool it would be handed out again, perhaps to a server that no longer is the right one.</summary>
    private async ValueTask CloseAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            _saveOne = new SaveOneCommand(statements.SaveOne);
            _saveMany = new SaveManyCommand(statements.Save);
            _saveInPlace = new SaveInPlaceCommand(statements.SaveInPlace);
            source.Clear();
            await connection.DisposeAsync();
        }
    }

    private void Sort(IReadOnlyList<WriteOperation> group)
    {
        _all.AddRange(group);
        _all.Sort(ById);
        foreach (var operation in _all)
        {
            switch (operation)
            {
                case ClaimOperation claim: _claims.Add(claim); break;
                case SaveOperation save: (save.HasRare ? _rareSaves : _saves).Add(save); break;
                case DeleteOperation delete: _deletes.Add(delete); break;
            }
        }

        _locksFirst = _claims.Exists(static claim => claim.HasLostRace);
        _inPlace = _saves.Count > 1 && _saves.TrueForAll(static save => save.IsInPlace) && ++_savings % LooksUpEvery != 0;
        _mixed = _claims.Count < _all.Count && _saves.Count < _all.Count && _rareSaves.Count < _all.Count && _deletes.Count < _all.Count;
    }

    private void Clear()
    {
        _all.Clear();
        _claims.Clear();
        _saves.Clear();
        _rareSaves.Clear();
        _deletes.Clear();
        _saveOne.Clear();
        _saveMany.Clear();
        _saveInPlace.Clear();
        _batch.BatchCommands.Clear();
    }

    private void Fill(NpgsqlConnection connection, DateTimeOffset now)
    {
        _batch.Connection = connection;
        if (_mixed)
        {
            _batch.BatchCommands.Add(Command(statements.Lock, Types(_all), Keys(_all)));
        }

        if (_claims.Count > 0)
        {
            var (types, keys) = (Types(_claims), Keys(_claims));
            var (claims, owners) = (Column(_claims, static claim => claim.Request.ClaimId), Column(_claims, static claim => claim.Request.Owner));
            var (leases, regions) = (Column(_claims, static claim => claim.Request.LeaseId), Column(_claims, static claim => claim.Request.Region));
            if (_locksFirst)
            {
                _batch.BatchCommands.Add(Command(statements.ClaimMissing, types, keys, claims, owners, Parameters.Of(now), leases, regions));
                (types, keys, claims, owners, leases, regions) = (Clone(types), Clone(keys), Clone(claims), Clone(owners), Clone(leases), Clone(regions));
            }

            _batch.BatchCommands.Add(Command(
                _locksFirst ? statements.ClaimPresent : statements.Claim,
                types,
                keys,
                claims,
                owners,
                Parameters.Of(now),
                leases,
                regions,
                Column(_claims, static claim => ClaimRules.Statuses(claim.Request)),
                Column(_claims, static claim => claim.Request.MaxStateVersion)));
        }

        if (_saves.Count > 0)
        {
            _batch.BatchCommands.Add(SaveCommand(now));
        }

        if (_rareSaves.Count > 0)
        {
            _batch.BatchCommands.Add(SaveRareCommand(now));
        }

        if (_deletes.Count > 0)
        {
            _batch.BatchCommands.Add(Command(
                statements.Delete,
                Types(_deletes),
                Keys(_deletes),
                Column(_deletes, static delete => delete.Token.Epoch),
                Column(_deletes, static delete => delete.Token.ClaimId)));
        }
    }

    private NpgsqlBatchCommand SaveCommand(DateTimeOffset now)
    {
        if (_saves.Count == 1)
        {
            _saveOne.Fill(_saves[0], now);
            return _saveOne.Command;
        }

        if (_inPlace)
        {
            _saveInPlace.Fill(_saves, now);
            return _saveInPlace.Command;
        }

        _saveMany.Fill(_saves, now);
        return _saveMany.Command;
    }

    private NpgsqlBatchCommand SaveRareCommand(DateTimeOffset now) => Command(
        statements.SaveRare,
        Types(_rareSaves),
        Keys(_rareSaves),
        Column(_rareSaves, static save => save.Request.Token.Epoch),
        Column(_rareSaves, static save => save.Request.Token.ClaimId),
        Column(_rareSaves, static save => save.Request.Revision),
        Column(_rareSaves, static save => (short)save.Request.Status),
        Column(_rareSaves, static save => save.Request.StateVersion),
        Parameters.OfColumn(_rareSaves, NpgsqlDbType.Text, static save => save.Request.State),
        Parameters.OfColumn(_rareSaves, NpgsqlDbType.Bytea, static save => save.Request.RecentCalls),
        Column(_rareSaves, static save => save.Request.IsPermanent),
        Parameters.OfColumn(_rareSaves, NpgsqlDbType.Bytea, static save => save.Request.Crashes),
        Parameters.Of(now));

    /// <summary>Reads to the very end: only then the server has said that it committed.</summary>
    private async ValueTask ReadOutcomesAsync(NpgsqlDataReader reader, DateTimeOffset now)
    {
        if (_mixed)
        {
            await reader.NextResultAsync();
        }

        if (_claims.Count > 0)
        {
            await ReadClaimsAsync(reader, now);
        }

        if (_saves.Count > 0)
        {
            await ReadSavesAsync(reader, _saves, _inPlace);
        }

        if (_rareSaves.Count > 0)
        {
            await ReadSavesAsync(reader, _rareSaves, inPlace: false);
        }

        if (_deletes.Count > 0)
        {
            await ReadDeletesAsync(reader);
        }
    }

    private async ValueTask ReadClaimsAsync(NpgsqlDataReader reader, DateTimeOffset now)
    {
        var place = 0;
        while (await reader.ReadAsync())
        {
            if (reader.GetInt64(Number) is not 0 and var number)
            {
                ReadClaim(reader, _claims[(int)number - 1], now);
            }
            else
            {
                // Those that were made come in the order in which they were sent.
                place = _claims.FindIndex(place, claim => claim.Id.Key == reader.GetString(Number + 4) && claim.Id.ServerType == reader.GetString(Number + 3));
                _claims[place].Created(now);
                NotePlace(_claims[place], reader);
            }
        }

        foreach (var claim in _claims)
        {
            claim.HasLostRace = !claim.IsDecided;
        }

        await reader.NextResultAsync();
    }

    private void ReadClaim(NpgsqlDataReader reader, ClaimOperation claim, DateTimeOffset now)
    {
        if (_locksFirst && reader.GetBoolean(Number + 3))
        {
            claim.Created(now);
            return;
        }

        var record = RecordColumns.Read(reader, claim.Id, withState: true, PostgresDatabase.Time);
        if (!reader.GetBoolean(Number + 1))
        {
            claim.Refused(record);
        }
        else if (reader.GetBoolean(Number + 2))
        {
            claim.Held(record);
        }
        else
        {
            claim.Granted(record, now);
            NotePlace(claim, reader);
        }
    }

    private void NotePlace(ClaimOperation claim, NpgsqlDataReader reader)
    {
        if (claim.Request.Hint is { } hint)
        {
            hint.Value = _locksFirst ? 0 : RecordPlace.Read(reader, Number + 5);
        }
    }

    private static async ValueTask ReadSavesAsync(NpgsqlDataReader reader, List<SaveOperation> saves, bool inPlace)
    {
        while (await reader.ReadAsync())
        {
            var save = saves[(int)reader.GetInt64(0) - 1];
            save.Decide(SaveOutcome.Saved);
            save.Place = RecordPlace.Read(reader, 1);
        }

        foreach (var save in saves)
        {
            if (!save.IsDecided)
            {
                // What is not where it was is looked up at the next attempt, which comes at once.
                save.Place = 0;
                if (!inPlace)
                {
                    save.Decide(SaveOutcome.Conflict);
                }
            }
        }

        await reader.NextResultAsync();
    }

    private async ValueTask ReadDeletesAsync(NpgsqlDataReader reader)
    {
        foreach (var delete in _deletes)
        {
            delete.Decide(SaveOutcome.Conflict);
        }

        while (await reader.ReadAsync())
        {
            _deletes[(int)reader.GetInt64(0) - 1].Decide(SaveOutcome.Saved);
        }

        await reader.NextResultAsync();
    }

    private static NpgsqlBatchCommand Command(string text, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(text);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    // A parameter belongs to one command.
    private static NpgsqlParameter<T> Clone<T>(NpgsqlParameter<T> parameter) => new() { TypedValue = parameter.TypedValue };

    private static NpgsqlParameter<string[]> Types<T>(List<T> operations)
        where T : WriteOperation => Column(operations, static operation => operation.Id.ServerType);

    private static NpgsqlParameter<string[]> Keys<T>(List<T> operations)
        where T : WriteOperation => Column(operations, static operation => operation.Id.Key);

    private static NpgsqlParameter<TValue[]> Column<T, TValue>(List<T> operations, Func<T, TValue> value) => Parameters.OfColumn(operations, value);
}
