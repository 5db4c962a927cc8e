using AkkaDurable.Sql.Internal.Leasing;
using Npgsql;

namespace AkkaDurable.Sql.Internal.Postgres;

/// <summary>The table of Akka's leases in PostgreSQL.</summary>
/// <remarks>Everything may be run again after its connection broke: each names the holder, and one that was done already finds what it left.</remarks>
internal sealed class PostgresLeaseTable(PostgresConnections connections, TableNames tables, TimeSpan timeout) : ILeaseTable
{
    // Not now(), which is the time when the transaction began: it may have waited for the row since.
    private const string Now = "clock_timestamp()";

    private readonly LeaseTexts _texts = new(tables, Now);

    public Task<LeaseRow> AcquireAsync(string name, LeaseOwner owner, TimeSpan timeToLive, CancellationToken cancellationToken) => connections.RunAsync(
        "the lease could not be acquired",
        async connection =>
        {
            // Two statements: the second sees what others did while the first waited for them.
            await using var batch = Batch(connection);
            batch.BatchCommands.Add(Command(_texts.Acquire, Of(name), Of(owner.Holder), Of(timeToLive), Of(owner.Name)));
            batch.BatchCommands.Add(Command(_texts.Read, Of(name)));
            return (await ReadAsync(batch, cancellationToken).ConfigureAwait(false))!;
        },
        cancellationToken);

    public Task<LeaseRow?> RenewAsync(string name, long holder, TimeSpan timeToLive, CancellationToken cancellationToken) => connections.RunAsync(
        "the lease could not be renewed",
        async connection =>
        {
            await using var batch = Batch(connection);
            batch.BatchCommands.Add(Command(_texts.Renew, Of(name), Of(holder), Of(timeToLive)));
            return await ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        },
        cancellationToken);

    public Task AskForAsync(string name, long version, LeaseOwner heir, CancellationToken cancellationToken) =>
        ExecuteAsync("the lease could not be asked for", Command(_texts.AskFor, Of(name), Of(heir.Holder), Of(version), Of(heir.Name)), cancellationToken);

    public Task HandOverAsync(string name, long holder, LeaseOwner heir, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        ExecuteAsync("the lease could not be handed over", Command(_texts.HandOver, Of(name), Of(heir.Holder), Of(timeToLive), Of(heir.Name), Of(holder)), cancellationToken);

    public Task ReleaseAsync(string name, long holder, CancellationToken cancellationToken) =>
        ExecuteAsync("the lease could not be given back", Command(_texts.Release, Of(name), Of(holder)), cancellationToken);

    private static async Task<LeaseRow?> ReadAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        LeaseRow? row = null;
        do
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                row = new LeaseRow(new LeaseOwner(reader.GetInt64(0), reader.GetString(1)), reader.GetInt64(2), new LeaseOwner(reader.GetInt64(3), reader.GetString(4)));
            }
        }
        while (await reader.NextResultAsync(cancellationToken).ConfigureAwait(false));

        return row;
    }

    private async Task ExecuteAsync(string failure, NpgsqlBatchCommand command, CancellationToken cancellationToken) => await connections.RunAsync(
        failure,
        async connection =>
        {
            await using var batch = Batch(connection);
            batch.BatchCommands.Add(command);
            return await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        },
        cancellationToken).ConfigureAwait(false);

    private NpgsqlBatch Batch(NpgsqlConnection connection) => new(connection) { Timeout = (int)timeout.TotalSeconds };

    private static NpgsqlBatchCommand Command(string text, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(text);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static NpgsqlParameter<string> Of(string value) => new() { TypedValue = value };

    private static NpgsqlParameter<long> Of(long value) => new() { TypedValue = value };

    private static NpgsqlParameter<TimeSpan> Of(TimeSpan value) => new() { TypedValue = value };
}
