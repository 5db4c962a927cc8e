using AkkaDurable.Storage;

namespace AkkaDurable.Sql.Internal.Writing;

internal sealed class SaveOperation(SaveRequest request, CancellationToken cancellationToken) : WriteOperation<SaveOutcome>(request.Id, cancellationToken)
{
    public SaveRequest Request { get; } = request;

    /// <summary>What was noted of where the record lies, or 0.</summary>
    public long Place
    {
        get => Request.Hint?.Value ?? 0;
        set
        {
            if (Request.Hint is { } hint)
            {
                hint.Value = value;
            }
        }
    }

    /// <summary>Whether it is known where the record lies, and it writes what most saves write: a state of a running server.</summary>
    public bool IsInPlace => Place != 0 && Request is { Status: ServerStatus.Running, State: not null };

    /// <summary>Whether it writes what few saves write.</summary>
    public bool HasRare => Request.IsPermanent is not null || Request.Crashes is not null;

    public override int Size => (Request.State?.Length ?? 0) + (Request.RecentCalls?.Length ?? 0) + (Request.Crashes?.Length ?? 0);
}
