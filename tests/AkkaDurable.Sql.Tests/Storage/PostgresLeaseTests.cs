using AkkaDurable.Sql.Tests.Databases;
using AkkaDurable.Storage;
using AkkaDurable.TestSupport.Postgres;
using Npgsql;

namespace AkkaDurable.Sql.Tests.Storage;

/// <summary>Leases of nodes and claims in PostgreSQL, beyond what every store does.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresLeaseTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly ServerId Id = new("counter", "a");

    private readonly List<SqlStateStore> _opened = [];
    private readonly string _prefix = PostgresCollection.NewPrefix();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var store in _opened)
        {
            await store.DisposeAsync();
        }
    }

    [PostgresFact]
    public async Task A_lease_that_is_newer_than_a_claim_which_waited_holds_the_record_nevertheless()
    {
        var (store, other) = (await OpenAsync(), await OpenAsync());
        await store.ClaimAsync(Claim(1, lease: 0));
        await using var connection = await ConnectAsync();
        await RunAsync(connection, $"BEGIN; UPDATE {_prefix}servers SET epoch = 2, claim_id = 2, lease_id = 77, owner = 'node-b'");

        // The claim begins before there is a lease 77, and hangs on the row that is being claimed under it.
        var claim = store.ClaimAsync(Claim(3, lease: 5)).AsTask();
        await UntilSomebodyWaitsAsync(connection);
        await other.CreateLeaseAsync(77, "node-b", TimeSpan.FromSeconds(5));
        Assert.False(claim.IsCompleted);
        await RunAsync(connection, "COMMIT");

        var result = await claim;
        Assert.False(result.Granted);
        Assert.True(result.IsHeld);
        Assert.Equal(new ClaimToken(2, 2), result.Record.Token);
        Assert.Equal(77, (await store.ReadAsync(Id))!.LeaseId);
    }

    [PostgresFact]
    public async Task A_record_that_vanishes_while_its_claim_waits_is_made_anew()
    {
        var store = await OpenAsync();
        await store.ClaimAsync(Claim(1, lease: 0));
        await using var connection = await ConnectAsync();
        await RunAsync(connection, $"BEGIN; DELETE FROM {_prefix}servers");

        var claim = store.ClaimAsync(Claim(3, lease: 5)).AsTask();
        await UntilSomebodyWaitsAsync(connection);
        await RunAsync(connection, "COMMIT");

        var result = await claim;
        Assert.True(result.Granted);
        Assert.Null(result.PreviousStatus);
        Assert.Equal(new ClaimToken(1, 3), result.Record.Token);
    }

    [PostgresFact]
    public async Task A_lease_is_renewed_while_all_writes_to_records_wait()
    {
        var store = await OpenAsync();
        await store.CreateLeaseAsync(1, "node-a", TimeSpan.FromSeconds(5));
        Task<ClaimResult>[] claims;
        await using (var connection = await ConnectAsync())
        {
            await RunAsync(connection, $"BEGIN; LOCK TABLE {_prefix}servers IN EXCLUSIVE MODE");
            claims = [.. Enumerable.Range(0, 2_000).Select(i => store.ClaimAsync(Claim(i, lease: 1) with { Id = new ServerId("counter", $"{i}") }).AsTask())];
            await UntilSomebodyWaitsAsync(connection);

            Assert.True(await store.RenewLeaseAsync(1));
            Assert.Equal(1, Assert.Single(await store.ListLeasesAsync()).Renewals);
            Assert.DoesNotContain(claims, claim => claim.IsCompleted);
        }

        Assert.All(await Task.WhenAll(claims), claim => Assert.True(claim.Granted));
    }

    [PostgresFact]
    public async Task A_lease_is_renewed_while_no_connection_is_left_for_queries()
    {
        var options = Options();
        options.Writers = 1;
        options.ConnectionString += ";Maximum Pool Size=1;Timeout=1";
        var store = await OpenAsync(options);
        await store.ClaimAsync(Claim(1, lease: 0));

        // The writer keeps the only connection.
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.ReadAsync(Id).AsTask());

        await store.CreateLeaseAsync(1, "node-a", TimeSpan.FromSeconds(5));
        Assert.True(await store.RenewLeaseAsync(1));
        Assert.Single(await store.ListLeasesAsync());
        await store.RevokeLeaseAsync(1);
        Assert.True(await store.DeleteLeaseAsync(1));
    }

    [PostgresFact]
    public async Task Connections_that_were_cut_are_replaced_for_renewals_too()
    {
        var store = await OpenAsync();
        await store.CreateLeaseAsync(1, "node-a", TimeSpan.FromSeconds(5));
        await using var connection = await ConnectAsync();
        await RunAsync(connection, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'AkkaDurable'");

        Assert.True(await store.RenewLeaseAsync(1));
        Assert.Equal(1, Assert.Single(await store.ListLeasesAsync()).Renewals);
    }

    private static ClaimRequest Claim(long number, long lease) => new(Id, number, "node", ExplicitStart: true, MaxStateVersion: 1) { LeaseId = lease };

    private SqlStateStoreOptions Options() => PostgresCollection.Options(postgres, _prefix);

    private async Task<SqlStateStore> OpenAsync(SqlStateStoreOptions? options = null)
    {
        var store = SqlStateStore.Create(options ?? Options());
        _opened.Add(store);
        await store.PrepareAsync();
        return store;
    }

    private async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Whether the second of two queries finds anything.</summary>
    private static async Task<bool> AnyAsync(NpgsqlCommand command)
    {
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.NextResultAsync() && await reader.ReadAsync();
    }

    private static async Task RunAsync(NpgsqlConnection connection, string text)
    {
        await using var command = new NpgsqlCommand(text, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The server has no event for that, so it is asked; each look is a round trip. Within a transaction it would show the same for ever, were it not told to forget.</summary>
    private async Task UntilSomebodyWaitsAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand($"SELECT pg_stat_clear_snapshot(); SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%{_prefix}servers%'", connection);
        while (!await AnyAsync(command))
        {
        }
    }
}
