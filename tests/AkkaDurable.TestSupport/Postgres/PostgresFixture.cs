namespace AkkaDurable.TestSupport.Postgres;

/// <summary>One server for all tests of a collection. Where none can be run it stays empty, and the tests are skipped; see <see cref="PostgresFactAttribute"/>.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private PostgresCluster? _cluster;

    /// <summary>A database whose language sorts other than by bytes, where the server can have one.</summary>
    public const string Database = "durable";

    /// <summary>The server.</summary>
    public PostgresCluster Cluster => _cluster ?? throw new InvalidOperationException(PostgresBinaries.Unavailable);

    /// <summary>Leads to <see cref="Database"/>.</summary>
    public string ConnectionString => Cluster.ConnectionString(Database);

    public async Task InitializeAsync()
    {
        if (PostgresBinaries.Unavailable is not null)
        {
            return;
        }

        _cluster = await PostgresCluster.StartNewAsync();
        try
        {
            await _cluster.CreateDatabaseAsync(Database, "--template=template0", "--locale-provider=icu", "--icu-locale=en-US");
        }
        catch (InvalidOperationException)
        {
            // Before version 15, or built without ICU.
            await _cluster.CreateDatabaseAsync(Database);
        }
    }

    public async Task DisposeAsync()
    {
        if (_cluster is { } cluster)
        {
            await cluster.DisposeAsync();
        }
    }
}
