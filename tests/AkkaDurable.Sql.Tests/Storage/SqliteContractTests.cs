using AkkaDurable.Sql.Tests.Databases;
using AkkaDurable.Storage;
using AkkaDurable.TestSupport.Storage;

namespace AkkaDurable.Sql.Tests.Storage;

public sealed class SqliteContractTests : StateStoreContract, IDisposable
{
    private readonly SqliteFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override int Sequences => 300;

    protected override IStateStore Open(TimeProvider clock) => SqlStateStore.Create(_folder.Options(), clock);
}
