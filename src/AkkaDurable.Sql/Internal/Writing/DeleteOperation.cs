using AkkaDurable.Storage;

namespace AkkaDurable.Sql.Internal.Writing;

internal sealed class DeleteOperation(ServerId id, ClaimToken token, CancellationToken cancellationToken) : WriteOperation<SaveOutcome>(id, cancellationToken)
{
    public ClaimToken Token { get; } = token;
}
