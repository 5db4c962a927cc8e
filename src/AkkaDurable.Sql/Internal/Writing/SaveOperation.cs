using AkkaDurable.Storage;

namespace AkkaDurable.Sql.Internal.Writing;

internal sealed class SaveOperation(SaveRequest request, CancellationToken cancellationToken) : WriteOperation<SaveOutcome>(request.Id, cancellationToken)
{
    public SaveRequest Request { get; } = request;

    /// <summary>Whether it writes what few saves write.</summary>
    public bool HasRare => Request.IsPermanent is not null || Request.Crashes is not null;

    public override int Size => (Request.State?.Length ?? 0) + (Request.RecentCalls?.Length ?? 0) + (Request.Crashes?.Length ?? 0);
}
