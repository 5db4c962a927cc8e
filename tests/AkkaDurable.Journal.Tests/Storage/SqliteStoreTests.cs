using AkkaDurable.Journal.Tests.Databases;

namespace AkkaDurable.Journal.Tests.Storage;

public sealed class SqliteStoreTests(SqliteJournal database) : JournalStoreContract(database), IClassFixture<SqliteJournal>;
