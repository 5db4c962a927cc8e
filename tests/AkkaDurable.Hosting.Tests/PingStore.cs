using AkkaDurable.Storage;

namespace AkkaDurable.Hosting.Tests;

/// <summary>A store whose answer to a ping can be made to fail.</summary>
internal sealed class PingStore : IStateStore
{
    private readonly InMemoryStateStore _inner = new();

    public Exception? Failure { get; set; }

    public Task PingAsync(CancellationToken cancellationToken = default) => Failure is { } failure ? Task.FromException(failure) : Task.CompletedTask;

    public Task PrepareAsync(CancellationToken cancellationToken = default) => _inner.PrepareAsync(cancellationToken);

    public Task<int> RegisterTypeAsync(string serverType, int shardCount, CancellationToken cancellationToken = default) => _inner.RegisterTypeAsync(serverType, shardCount, cancellationToken);

    public ValueTask<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken = default) => _inner.ClaimAsync(request, cancellationToken);

    public ValueTask<SaveOutcome> SaveAsync(SaveRequest request, CancellationToken cancellationToken = default) => _inner.SaveAsync(request, cancellationToken);

    public ValueTask<SaveOutcome> DeleteAsync(ServerId id, ClaimToken token, CancellationToken cancellationToken = default) => _inner.DeleteAsync(id, token, cancellationToken);

    public ValueTask<StoredServer?> ReadAsync(ServerId id, CancellationToken cancellationToken = default) => _inner.ReadAsync(id, cancellationToken);

    public Task<IReadOnlyList<StoredServer>> ListAsync(ServerQuery query, CancellationToken cancellationToken = default) => _inner.ListAsync(query, cancellationToken);

    public Task<IReadOnlyDictionary<ServerStatus, long>> CountAsync(string serverType, CancellationToken cancellationToken = default) => _inner.CountAsync(serverType, cancellationToken);

    public ValueTask DisposeAsync() => _inner.DisposeAsync();
}
