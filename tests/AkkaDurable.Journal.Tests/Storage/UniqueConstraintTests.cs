using AkkaDurable.Journal.Tests.Databases;

namespace AkkaDurable.Journal.Tests.Storage;

public sealed class UniqueConstraintTests(SqliteJournal database) : IClassFixture<SqliteJournal>
{
    [Fact]
    public async Task A_table_without_the_unique_constraint_is_refused()
    {
        // As Akka.Persistence.Sql makes it, but for that.
        await database.SqlAsync("""
            CREATE TABLE journal (ordering INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, deleted INTEGER NOT NULL, persistence_id VARCHAR(255) NOT NULL, sequence_number INTEGER NOT NULL,
              created INTEGER NOT NULL, tags TEXT, message BLOB NOT NULL, identifier INTEGER, manifest VARCHAR(500), writer_uuid VARCHAR(128), event_manifest VARCHAR(500));
            CREATE TABLE tags (ordering_id INTEGER NOT NULL, tag VARCHAR(64) NOT NULL, sequence_nr INTEGER NOT NULL, persistence_id VARCHAR(255));
            """);
        await using var store = JournalStateStore.Create(database.Start("akka.persistence.journal.sql.auto-initialize = off"));

        var refusal = await Assert.ThrowsAsync<StoreSchemaException>(() => store.PrepareAsync());

        Assert.Contains("(persistence_id, sequence_number)", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(2L, await database.SqlAsync("SELECT COUNT(*) FROM journal WHERE persistence_id = 'akka-durable/probe' AND sequence_number = 1"));
    }
}
