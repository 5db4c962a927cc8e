using System.Threading.Tasks.Sources;
using AkkaDurable.Storage;

namespace AkkaDurable.Sql.Internal.Writing;

/// <summary>A write that ends with a <typeparamref name="TOutcome"/>. It is the source of its caller's <see cref="ValueTask"/>, so that a save needs no task besides.</summary>
internal abstract class WriteOperation<TOutcome>(ServerId id, CancellationToken cancellationToken) : WriteOperation(id), IValueTaskSource<TOutcome>
{
    private ManualResetValueTaskSourceCore<TOutcome> _completion = new() { RunContinuationsAsynchronously = true };
    private volatile bool _isAwaitedBarely;
    private TOutcome? _outcome;

    public override bool IsAbandoned => cancellationToken.IsCancellationRequested;

    /// <summary>Ends with the outcome, or earlier when the caller gives up. To be asked for once.</summary>
    public ValueTask<TOutcome> Waiting => cancellationToken.CanBeCanceled ? new ValueTask<TOutcome>(WaitOrGiveUp()) : new ValueTask<TOutcome>(this, _completion.Version);

    /// <summary>Notes the outcome; the caller hears of it when it is committed.</summary>
    public void Decide(TOutcome outcome)
    {
        _outcome = outcome;
        IsDecided = true;
    }

    public override bool IsAwaitedBarely => _isAwaitedBarely;

    public override void Complete(bool here)
    {
        _completion.RunContinuationsAsynchronously = !here || !_isAwaitedBarely;
        _completion.SetResult(_outcome!);
    }

    public override void Fail(StoreUnavailableException failure, bool here)
    {
        _completion.RunContinuationsAsynchronously = !here || !_isAwaitedBarely;
        _completion.SetException(failure);
    }

    public TOutcome GetResult(short token) => _completion.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _completion.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        // Noted first: whoever completes it and does not see it yet has it go on by the thread pool.
        _isAwaitedBarely = state is Action && flags == ValueTaskSourceOnCompletedFlags.None;
        _completion.OnCompleted(continuation, state, token, flags);
    }

    private Task<TOutcome> WaitOrGiveUp()
    {
        var task = new ValueTask<TOutcome>(this, _completion.Version).AsTask();

        // Reading it marks it as seen: a caller who gave up must not make the runtime report an unobserved exception.
        _ = task.ContinueWith(static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return task.WaitAsync(cancellationToken);
    }
}
