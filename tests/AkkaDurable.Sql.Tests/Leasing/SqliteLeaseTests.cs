using AkkaDurable.Sql.Tests.Databases;

namespace AkkaDurable.Sql.Tests.Leasing;

public sealed class SqliteLeaseTests : SqlLeaseContract, IDisposable
{
    private readonly SqliteFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override SqlStateStoreOptions Options() => _folder.Options();

    protected override Task<IAsyncDisposable> HoldAsync()
    {
        var connection = _folder.Open();
        SqliteFolder.Run(connection, "BEGIN IMMEDIATE");

        // Closing it ends its transaction.
        return Task.FromResult<IAsyncDisposable>(connection);
    }
}
