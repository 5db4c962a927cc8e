using Microsoft.Data.Sqlite;

namespace AkkaDurable.Journal.Tests.Databases;

public sealed class SqliteJournal : JournalDatabase
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akka-durable-");

    protected override (string Provider, string ConnectionString) Connection => ("SQLite.MS", $"Data Source={Path.Combine(_folder.FullName, "journal.db")};Pooling=true");

    // A connection that finds the file locked looks again every 150 ms: several nodes that write all the time are slow on it. Other tests have them.
    protected override int SharedNodes => 1;

    // Stays with the file. Without it readers and writers keep each other waiting.
    public override Task InitializeAsync() => SqlAsync("PRAGMA journal_mode=WAL");

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    public override async Task<object?> SqlAsync(string text)
    {
        await using var connection = new SqliteConnection(Connection.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = text;
        return await command.ExecuteScalarAsync();
    }
}
