using AkkaDurable.Sql.Internal.Writing;
using Npgsql;

namespace AkkaDurable.Sql.Internal.Postgres;

/// <summary>Runs work on pooled connections. Failures of the driver come out as <see cref="StoreUnavailableException"/>.</summary>
internal sealed class PostgresConnections(NpgsqlDataSource source, string database) : IAsyncDisposable
{
    private const int Attempts = 5;

    /// <param name="failure">What to tell when it fails.</param>
    /// <param name="work">What to run. It may be run again after the server refused it because of other transactions.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <param name="again">Whether it may also be run again when the connection broke, though it may have been done.</param>
    public async Task<T> RunAsync<T>(string failure, Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken, bool again = true)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancellationToken);
                return await work(connection);
            }
            catch (Exception exception) when (again && attempt == 1 && PostgresErrors.IsBroken(exception))
            {
                // A restart of the server leaves a pool full of dead connections.
                source.Clear();
            }
            catch (Exception exception) when (PostgresErrors.IsExpected(exception))
            {
                // A statement that failed at just the use that prepared it is known to the driver as something else from then on (npgsql #6391).
                source.Clear();
                if (PostgresErrors.Classify(exception) != FailureKind.Contention || attempt == Attempts)
                {
                    throw new StoreUnavailableException(PostgresErrors.Describe(database, failure, exception), exception);
                }
            }
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();
}
