using AkkaDurable.Journal.Tests.Databases;
using AkkaDurable.TestSupport.Postgres;

namespace AkkaDurable.Journal.Tests.Storage;

[NeedsPostgres]
public sealed class PostgresStoreTests(PostgresJournal database) : JournalStoreContract(database), IClassFixture<PostgresJournal>;
