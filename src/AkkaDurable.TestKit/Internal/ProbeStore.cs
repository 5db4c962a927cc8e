using AkkaDurable.Storage;

namespace AkkaDurable.TestKit.Internal;

/// <summary>The store under a probe: at the test's command slow or broken.</summary>
internal sealed class ProbeStore(IStateStore inner) : IStateStore
{
    private readonly Lock _lock = new();
    private SemaphoreSlim? _held;
    private Exception? _nextError;
    private int _saves;

    public int Saves => Volatile.Read(ref _saves);

    public void Hold()
    {
        lock (_lock)
        {
            _held ??= new SemaphoreSlim(0);
        }
    }

    public void LetOneThrough()
    {
        lock (_lock)
        {
            _held?.Release();
        }
    }

    public void Release()
    {
        lock (_lock)
        {
            _held?.Release(int.MaxValue / 2);
            _held = null;
        }
    }

    public void FailNext(Exception error)
    {
        lock (_lock)
        {
            _nextError = error;
        }
    }

    public async ValueTask<SaveOutcome> SaveAsync(SaveRequest request, CancellationToken cancellationToken = default)
    {
        SemaphoreSlim? held;
        Exception? error;
        lock (_lock)
        {
            held = _held;
            (error, _nextError) = (_nextError, null);
        }

        if (held is not null)
        {
            await held.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        if (error is not null)
        {
            throw error;
        }

        if (request.State is not null)
        {
            Interlocked.Increment(ref _saves);
        }

        return await inner.SaveAsync(request, cancellationToken).ConfigureAwait(false);
    }

    public Task PrepareAsync(CancellationToken cancellationToken = default) => inner.PrepareAsync(cancellationToken);

    public Task PingAsync(CancellationToken cancellationToken = default) => inner.PingAsync(cancellationToken);

    public Task<int> RegisterTypeAsync(string serverType, int shardCount, CancellationToken cancellationToken = default) =>
        inner.RegisterTypeAsync(serverType, shardCount, cancellationToken);

    public ValueTask<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken = default) => inner.ClaimAsync(request, cancellationToken);

    public ValueTask<SaveOutcome> DeleteAsync(ServerId id, ClaimToken token, CancellationToken cancellationToken = default) => inner.DeleteAsync(id, token, cancellationToken);

    public ValueTask<StoredServer?> ReadAsync(ServerId id, CancellationToken cancellationToken = default) => inner.ReadAsync(id, cancellationToken);

    public Task<IReadOnlyList<StoredServer>> ListAsync(ServerQuery query, CancellationToken cancellationToken = default) => inner.ListAsync(query, cancellationToken);

    public Task<IReadOnlyDictionary<ServerStatus, long>> CountAsync(string serverType, CancellationToken cancellationToken = default) => inner.CountAsync(serverType, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
