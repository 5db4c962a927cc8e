using System.Text;
using AkkaDurable.Sql.Tests.Databases;
using AkkaDurable.Storage;
using AkkaDurable.TestSupport.Postgres;
using AkkaDurable.TestSupport.Storage;
using Npgsql;

namespace AkkaDurable.Sql.Tests.Storage;

/// <summary>Saves that go where a record lies, without looking it up: whatever lies there by then, the right record is saved or none.</summary>
[NeedsPostgres]
[Collection(PostgresCollection.Name)]
public sealed class PostgresPlacesTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const int Records = 40;

    private readonly string _prefix = PostgresCollection.NewPrefix();
    private SqlStateStore _store = null!;

    private string Servers => _prefix + "servers";

    public async Task InitializeAsync()
    {
        var options = PostgresCollection.Options(postgres, _prefix);
        options.Writers = 1;
        _store = SqlStateStore.Create(options);
        await _store.PrepareAsync();
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [ContractFact]
    public async Task A_claim_and_each_save_note_where_the_record_lies()
    {
        var owned = await ClaimAsync("a", "b");
        await AssertPlacesAsync(owned);

        for (var round = 0; round < 10; round++)
        {
            Assert.All(await SaveTogetherAsync(owned), static outcome => Assert.Equal(SaveOutcome.Saved, outcome));
            await AssertPlacesAsync(owned);
        }

        Assert.Equal(SaveOutcome.Saved, await SaveAsync(owned[0]));
        await AssertPlacesAsync(owned);

        // A claim of what is there already notes it too.
        await AssertPlacesAsync(await ClaimAsync("a", "b"));
    }

    [ContractFact]
    public async Task A_group_of_states_is_not_looked_up()
    {
        var owned = await ClaimManyAsync();

        await SaveTogetherAsync(owned);

        Assert.Contains("s.ctid = v.place", await LastStatementAsync(), StringComparison.Ordinal);
        await AssertStoredAsync(owned);
    }

    [ContractFact]
    public async Task A_record_that_was_moved_is_found_again()
    {
        var gone = await ClaimManyAsync("gone");
        var owned = await ClaimManyAsync();
        foreach (var one in gone)
        {
            Assert.Equal(SaveOutcome.Saved, await _store.DeleteAsync(one.Record.Id, one.Record.Token));
        }

        await RunSqlAsync($"VACUUM FULL {Servers}");
        Assert.All(await SaveTogetherAsync(owned), static outcome => Assert.Equal(SaveOutcome.Saved, outcome));

        await AssertStoredAsync(owned);
        await AssertPlacesAsync(owned);
    }

    [ContractFact]
    public async Task A_wrong_place_harms_neither_the_record_nor_what_lies_there()
    {
        var owned = await ClaimManyAsync();
        foreach (var (one, other) in owned.Zip(owned.Skip(1)))
        {
            (one.Value, other.Value) = (other.Value, one.Value);
        }

        owned[0].Value = long.MaxValue;
        owned[1].Value = 1;
        Assert.All(await SaveTogetherAsync(owned), static outcome => Assert.Equal(SaveOutcome.Saved, outcome));

        await AssertStoredAsync(owned);
        await AssertPlacesAsync(owned);
    }

    [ContractFact]
    public async Task A_wrong_token_at_the_right_place_conflicts_and_its_neighbours_are_saved()
    {
        var owned = await ClaimManyAsync();
        var record = owned[3].Record;
        SaveRequest[] wrong =
        [
            Change(owned[3]) with { Token = record.Token with { Epoch = record.Token.Epoch + 1 } },
            Change(owned[4]) with { Token = owned[4].Record.Token with { ClaimId = 7 } },
            Change(owned[5]) with { Revision = 1 },
        ];
        var right = owned.Except(owned[3..6]).ToList();

        var outcomes = await SaveTogetherAsync([.. wrong, .. right.Select(Change)]);

        Assert.Equal([SaveOutcome.Conflict, SaveOutcome.Conflict, SaveOutcome.Conflict], outcomes[..3]);
        Assert.All(outcomes[3..], static outcome => Assert.Equal(SaveOutcome.Saved, outcome));
        foreach (var one in owned[3..6])
        {
            Assert.Equal(0, (await _store.ReadAsync(one.Record.Id))!.Revision);
        }

        Noted(right);
        await AssertStoredAsync(right);
    }

    [ContractFact]
    public async Task A_record_that_was_claimed_by_another_one_conflicts_where_it_was_and_where_it_is()
    {
        var owned = await ClaimManyAsync();
        var stolen = await ClaimAsync([.. owned.Select(one => one.Record.Id.Key)]);
        Assert.All(await SaveTogetherAsync(owned), static outcome => Assert.Equal(SaveOutcome.Conflict, outcome));

        foreach (var (one, thief) in owned.Zip(stolen))
        {
            one.Value = thief.Value;
        }

        Assert.All(await SaveTogetherAsync(owned), static outcome => Assert.Equal(SaveOutcome.Conflict, outcome));
        Assert.All(await SaveTogetherAsync(stolen), static outcome => Assert.Equal(SaveOutcome.Saved, outcome));
        await AssertStoredAsync(stolen);
    }

    [ContractFact]
    public async Task A_record_that_another_transaction_is_changing_is_waited_for_and_then_seen_as_it_is()
    {
        var owned = await ClaimManyAsync();
        await using var connection = await ConnectAsync();
        await RunSqlAsync(connection, $"BEGIN; UPDATE {Servers} SET epoch = epoch + 1, claim_id = 99 WHERE server_key = '{owned[0].Record.Id.Key}'");
        var saves = Task.WhenAll(owned.Select(SaveAsync));
        await UntilAWriterWaitsAsync(saves);

        await RunSqlAsync(connection, "COMMIT");
        var outcomes = await saves;

        Assert.Equal(SaveOutcome.Conflict, outcomes[0]);
        Assert.All(outcomes[1..], static outcome => Assert.Equal(SaveOutcome.Saved, outcome));
        await AssertStoredAsync(owned[1..]);
    }

    [ContractFact]
    public async Task A_status_and_a_save_without_a_state_are_written_beside_states_whose_place_is_known()
    {
        var owned = await ClaimManyAsync();

        var outcomes = await SaveTogetherAsync(
            [Change(owned[0]) with { Status = ServerStatus.StoppedGraceful }, Change(owned[1]) with { State = null }, .. owned[2..].Select(Change)]);

        Assert.All(outcomes, static outcome => Assert.Equal(SaveOutcome.Saved, outcome));
        Assert.Equal(ServerStatus.StoppedGraceful, (await _store.ReadAsync(owned[0].Record.Id))!.Status);
        Assert.Null((await _store.ReadAsync(owned[1].Record.Id))!.State);
        Noted(owned);

        // Its place is known, but it is not running: the status has to be written too.
        Assert.All(await SaveTogetherAsync(owned), static outcome => Assert.Equal(SaveOutcome.Saved, outcome));
        await AssertStoredAsync(owned);
        Assert.Equal(ServerStatus.Running, (await _store.ReadAsync(owned[0].Record.Id))!.Status);
    }

    [ContractFact]
    public async Task Pages_do_not_fill_up_with_old_versions()
    {
        const int Rounds = 200;
        await RunSqlAsync($"ALTER TABLE {Servers} SET (autovacuum_enabled = off)");
        var owned = await ClaimManyAsync();
        for (var round = 0; round < Rounds; round++)
        {
            await SaveTogetherAsync(owned);
        }

        // 200 versions of 40 rows would take some 200 pages; what is cleared away in time takes a few.
        var pages = long.Parse((await ReadSqlAsync($"SELECT pg_relation_size('{Servers}') / 8192"))!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(pages <= 8, $"the table has {pages} pages");
        await AssertStoredAsync(owned);
    }

    private static SaveRequest Change(Owned one) =>
        new(one.Record.Id, one.Record.Token, one.Record.Revision, ServerStatus.Running, 3, Encoding.UTF8.GetBytes(State(one))) { Hint = one, RecentCalls = new byte[] { 1, 2 } };

    private static string State(Owned one) => $"\"{one.Record.Id.Key} {one.Record.Revision}\"";

    private static void Noted(IEnumerable<Owned> saved)
    {
        foreach (var one in saved)
        {
            one.Record = one.Record with { Revision = one.Record.Revision + 1 };
        }
    }

    private Task<Owned[]> ClaimManyAsync(string prefix = "key") => ClaimAsync([.. Enumerable.Range(0, Records).Select(i => $"{prefix}-{i:00}")]);

    private async Task<Owned[]> ClaimAsync(params string[] keys) => await Task.WhenAll(keys.Select(async key =>
    {
        var one = new Owned();
        var claim = await _store.ClaimAsync(new ClaimRequest(new ServerId("counter", key), Random.Shared.NextInt64(), "node", ExplicitStart: true, MaxStateVersion: 9) { Hint = one });
        Assert.True(claim.Granted);
        one.Record = claim.Record;
        return one;
    }));

    private async Task<SaveOutcome> SaveAsync(Owned one)
    {
        var outcome = await _store.SaveAsync(Change(one));
        if (outcome == SaveOutcome.Saved)
        {
            Noted([one]);
        }

        return outcome;
    }

    private async Task<SaveOutcome[]> SaveTogetherAsync(Owned[] owned)
    {
        var outcomes = await SaveTogetherAsync([.. owned.Select(Change)]);
        Noted(owned.Zip(outcomes).Where(static pair => pair.Second == SaveOutcome.Saved).Select(static pair => pair.First));
        return outcomes;
    }

    // All in one group: the writer is busy with another record while they come.
    private async Task<SaveOutcome[]> SaveTogetherAsync(SaveRequest[] saves)
    {
        await using var connection = await ConnectAsync();
        await RunSqlAsync(connection, $"BEGIN; LOCK TABLE {Servers} IN EXCLUSIVE MODE");
        var plug = _store.DeleteAsync(new ServerId("counter", "nobody"), default).AsTask();
        await UntilAWriterWaitsAsync(plug);
        var all = Task.WhenAll(saves.Select(save => _store.SaveAsync(save).AsTask()));
        await RunSqlAsync(connection, "COMMIT");
        Assert.Equal(SaveOutcome.Conflict, await plug);
        return await all;
    }

    private async Task UntilAWriterWaitsAsync(Task write)
    {
        while (await ReadSqlAsync($"SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%{Servers}%'") is null)
        {
            Assert.False(write.IsCompleted);
        }
    }

    private Task<string?> LastStatementAsync() => ReadSqlAsync($"SELECT query FROM pg_stat_activity WHERE query LIKE 'UPDATE%{Servers}%' ORDER BY query_start DESC LIMIT 1");

    private async Task AssertPlacesAsync(IEnumerable<Owned> owned)
    {
        foreach (var one in owned)
        {
            Assert.Equal(await ReadSqlAsync($"SELECT ctid FROM {Servers} WHERE server_key = '{one.Record.Id.Key}'"), $"({one.Value >> 16},{one.Value & 0xFFFF})");
        }
    }

    private async Task AssertStoredAsync(IEnumerable<Owned> owned)
    {
        foreach (var one in owned)
        {
            var stored = (await _store.ReadAsync(one.Record.Id))!;
            Assert.Equal((one.Record.Token, one.Record.Revision, 3), (stored.Token, stored.Revision, stored.StateVersion));
            Assert.Equal($"\"{one.Record.Id.Key} {one.Record.Revision - 1}\"", Encoding.UTF8.GetString(stored.State!.Value.Span));
            Assert.Equal([1, 2], stored.RecentCalls.ToArray());
        }
    }

    private async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private async Task RunSqlAsync(string text)
    {
        await using var connection = await ConnectAsync();
        await RunSqlAsync(connection, text);
    }

    private static async Task RunSqlAsync(NpgsqlConnection connection, string text)
    {
        await using var command = new NpgsqlCommand(text, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<string?> ReadSqlAsync(string text)
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand(text, connection);
        return (await command.ExecuteScalarAsync())?.ToString();
    }

    /// <summary>What an owner knows of its record, and where the store notes its place.</summary>
    private sealed class Owned : IRecordHint
    {
        public StoredServer Record { get; set; } = null!;

        public long Value { get; set; }
    }
}
