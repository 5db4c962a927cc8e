using AkkaDurable.Journal.Tests.Databases;
using AkkaDurable.Storage;
using AkkaDurable.TestSupport.Storage;

namespace AkkaDurable.Journal.Tests.Storage;

public sealed class SqliteContractTests(SqliteJournal database) : StateStoreContract, IClassFixture<SqliteJournal>
{
    private readonly string _prefix = database.NewPrefix();

    protected override bool KeepsPlaces => false;

    protected override IStateStore Open(TimeProvider clock) => database.Open(_prefix, clock);
}
