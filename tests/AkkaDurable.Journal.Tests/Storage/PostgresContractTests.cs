using AkkaDurable.Journal.Tests.Databases;
using AkkaDurable.Storage;
using AkkaDurable.TestSupport.Postgres;
using AkkaDurable.TestSupport.Storage;

namespace AkkaDurable.Journal.Tests.Storage;

[NeedsPostgres]
public sealed class PostgresContractTests(PostgresJournal database) : StateStoreContract, IClassFixture<PostgresJournal>
{
    private readonly string _prefix = database.NewPrefix();

    protected override bool KeepsPlaces => false;

    protected override IStateStore Open(TimeProvider clock) => database.Open(_prefix, clock);
}
