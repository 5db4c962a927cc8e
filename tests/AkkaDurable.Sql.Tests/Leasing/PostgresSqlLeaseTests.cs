using AkkaDurable.Sql.Tests.Databases;
using AkkaDurable.TestSupport.Postgres;
using AkkaDurable.TestSupport.Storage;
using Npgsql;

namespace AkkaDurable.Sql.Tests.Leasing;

[NeedsPostgres]
[Collection(PostgresCollection.Name)]
public sealed class PostgresSqlLeaseTests(PostgresFixture postgres) : SqlLeaseContract
{
    private readonly string _prefix = PostgresCollection.NewPrefix();

    [ContractFact]
    public async Task A_server_that_is_killed_and_comes_back_remembers_who_has_it()
    {
        await using var cluster = await PostgresCluster.StartNewAsync();
        var options = new SqlStateStoreOptions { ProviderName = SqlProviderNames.PostgreSql, ConnectionString = cluster.ConnectionString("postgres") };
        await using var database = Internal.Leasing.LeaseDatabase.Create(options);
        await database.PrepareAsync(default);
        var table = database.CreateLeaseTable();
        var (owner, other) = (Lease(table, "owner", TimeSpan.FromMinutes(5), TimeProvider.System, operation: TimeSpan.FromSeconds(1)), Lease(table, "other", TimeSpan.FromMinutes(5), TimeProvider.System));
        Assert.True(await owner.Acquire());

        await cluster.KillAsync();
        Assert.Contains("PostgreSQL", (await Assert.ThrowsAsync<Akka.Coordination.LeaseTimeoutException>(() => owner.Release())).Message, StringComparison.Ordinal);

        // It goes on asking until the server is back.
        var acquiring = other.Acquire();
        await cluster.StartAsync();

        Assert.False(await acquiring);
        Assert.True(await owner.Release());
        Assert.True(await other.Acquire());
    }

    protected override SqlStateStoreOptions Options() => PostgresCollection.Options(postgres, _prefix);

    protected override async Task<IAsyncDisposable> HoldAsync()
    {
        var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"BEGIN; LOCK TABLE {_prefix}sbr_leases IN ACCESS EXCLUSIVE MODE", connection);
        await command.ExecuteNonQueryAsync();

        // Closing it ends its transaction.
        return connection;
    }
}
