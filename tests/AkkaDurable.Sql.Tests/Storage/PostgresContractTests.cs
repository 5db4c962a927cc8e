using AkkaDurable.Sql.Tests.Databases;
using AkkaDurable.Storage;
using AkkaDurable.TestSupport.Postgres;
using AkkaDurable.TestSupport.Storage;

namespace AkkaDurable.Sql.Tests.Storage;

[NeedsPostgres]
[Collection(PostgresCollection.Name)]
public sealed class PostgresContractTests(PostgresFixture postgres) : StateStoreContract
{
    private readonly string _prefix = PostgresCollection.NewPrefix();

    protected override IStateStore Open(TimeProvider clock) => SqlStateStore.Create(PostgresCollection.Options(postgres, _prefix), clock);
}
