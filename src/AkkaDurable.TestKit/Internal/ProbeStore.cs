using AkkaDurable.Storage;

namespace AkkaDurable.TestKit.Internal;

/// <summary>The store under a probe: at the test's command slow or broken.</summary>
internal sealed class ProbeStore(IStateStore inner) : DelegatingStateStore(inner)
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

    public override async ValueTask<SaveOutcome> SaveAsync(SaveRequest request, CancellationToken cancellationToken = default)
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

        return await Inner.SaveAsync(request, cancellationToken).ConfigureAwait(false);
    }
}
