using System.Threading.Tasks.Sources;
using AkkaDurable.Storage;

namespace AkkaDurable.Sql.Internal.Writing;

/// <summary>A write that ends with a <typeparamref name="TOutcome"/>. It is the source of its caller's <see cref="ValueTask"/>, so that a save needs no task besides.</summary>
internal abstract class WriteOperation<TOutcome>(ServerId id, CancellationToken cancellationToken) : WriteOperation(id), IValueTaskSource<TOutcome>
{
    private ManualResetValueTaskSourceCore<TOutcome> _completion;
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

    public override void Complete() => _completion.SetResult(_outcome!);

    public override void Fail(StoreUnavailableException failure) => _completion.SetException(failure);

    public TOutcome GetResult(short token) => _completion.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _completion.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        // A bare callback that wants no context, as the servers' is, runs where others of its group do, see HandBack. Async methods and tasks, which may go on to wait for one of those, do not.
        _completion.RunContinuationsAsynchronously = state is not Action || flags != ValueTaskSourceOnCompletedFlags.None;
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
