using AkkaDurable.Storage;

namespace AkkaDurable.Sql.Internal.Writing;

internal sealed class SaveOperation(SaveRequest request, CancellationToken cancellationToken) : WriteOperation<SaveOutcome>(request.Id, cancellationToken)
{
    public SaveRequest Request { get; } = request;

    public override int Size => (Request.State?.Length ?? 0) + (Request.RecentCalls?.Length ?? 0);
}
