using AkkaDurable.TestSupport.Postgres;
using Npgsql;

namespace AkkaDurable.Journal.Tests.Databases;

public sealed class PostgresJournal : JournalDatabase
{
    private readonly PostgresFixture _postgres = new();

    protected override (string Provider, string ConnectionString) Connection => ("PostgreSQL.15", _postgres.ConnectionString);

    protected override int SharedNodes => 3;

    public override Task InitializeAsync() => _postgres.InitializeAsync();

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        await _postgres.DisposeAsync();
    }

    public override async Task<object?> SqlAsync(string text)
    {
        await using var connection = new NpgsqlConnection(Connection.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(text, connection);
        return await command.ExecuteScalarAsync();
    }
}
