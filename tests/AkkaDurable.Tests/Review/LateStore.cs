using AkkaDurable.Storage;

namespace AkkaDurable.Tests.Review;

/// <summary>A store in memory whose claims and saves end when the test says so.</summary>
internal sealed class LateStore : IStateStore
{
    private readonly InMemoryStateStore _inner = new();

    private readonly Queue<TaskCompletionSource<SaveOutcome>> _late = new();

    public TaskCompletionSource? Until { get; set; }

    /// <summary>One of the next saves, in turn, is ended by the test, and stores nothing.</summary>
    public TaskCompletionSource<SaveOutcome> AnswerLate()
    {
        _late.Enqueue(new());
        return _late.Last();
    }

    public async ValueTask<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken = default)
    {
        await (Until?.Task ?? Task.CompletedTask);
        return await _inner.ClaimAsync(request, cancellationToken);
    }

    public Task PrepareAsync(CancellationToken cancellationToken = default) => _inner.PrepareAsync(cancellationToken);

    public Task PingAsync(CancellationToken cancellationToken = default) => _inner.PingAsync(cancellationToken);

    public Task<int> RegisterTypeAsync(string serverType, int shardCount, CancellationToken cancellationToken = default) => _inner.RegisterTypeAsync(serverType, shardCount, cancellationToken);

    public ValueTask<SaveOutcome> SaveAsync(SaveRequest request, CancellationToken cancellationToken = default) =>
        _late.TryDequeue(out var late) ? new(late.Task) : _inner.SaveAsync(request, cancellationToken);

    public ValueTask<SaveOutcome> DeleteAsync(ServerId id, ClaimToken token, CancellationToken cancellationToken = default) => _inner.DeleteAsync(id, token, cancellationToken);

    public ValueTask<StoredServer?> ReadAsync(ServerId id, CancellationToken cancellationToken = default) => _inner.ReadAsync(id, cancellationToken);

    public Task<IReadOnlyList<StoredServer>> ListAsync(ServerQuery query, CancellationToken cancellationToken = default) => _inner.ListAsync(query, cancellationToken);

    public Task<IReadOnlyDictionary<ServerStatus, long>> CountAsync(string serverType, CancellationToken cancellationToken = default) => _inner.CountAsync(serverType, cancellationToken);

    public ValueTask DisposeAsync() => _inner.DisposeAsync();
}
