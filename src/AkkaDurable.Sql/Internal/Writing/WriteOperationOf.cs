using AkkaDurable.Storage;

namespace AkkaDurable.Sql.Internal.Writing;

/// <summary>A write that ends with a <typeparamref name="TOutcome"/>.</summary>
internal abstract class WriteOperation<TOutcome>(ServerId id, CancellationToken cancellationToken) : WriteOperation(id)
{
    // Continuations must not run on the writer: they would hold up the next group.
    private readonly TaskCompletionSource<TOutcome> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TOutcome? _outcome;

    public override bool IsAbandoned => cancellationToken.IsCancellationRequested;

    /// <summary>Ends with the outcome, or earlier when the caller gives up.</summary>
    public Task<TOutcome> Waiting => cancellationToken.CanBeCanceled ? _completion.Task.WaitAsync(cancellationToken) : _completion.Task;

    /// <summary>Notes the outcome; the caller hears of it when it is committed.</summary>
    public void Decide(TOutcome outcome)
    {
        _outcome = outcome;
        IsDecided = true;
    }

    public override void Complete() => _completion.SetResult(_outcome!);

    public override void Fail(StoreUnavailableException failure)
    {
        _completion.SetException(failure);

        // Reading it marks it as seen: a caller who gave up must not make the runtime report an unobserved exception.
        _ = _completion.Task.Exception;
    }
}
