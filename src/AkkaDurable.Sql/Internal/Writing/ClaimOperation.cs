using AkkaDurable.Storage;

namespace AkkaDurable.Sql.Internal.Writing;

internal sealed class ClaimOperation(ClaimRequest request, CancellationToken cancellationToken) : WriteOperation<ClaimResult>(request.Id, cancellationToken)
{
    public ClaimRequest Request { get; } = request;

    /// <summary>Whether somebody else changed the record while it was tried to claim it.</summary>
    public bool HasLostRace { get; set; }

    /// <summary>There was no record and the claim made one.</summary>
    public void Created(DateTimeOffset now) =>
        Decide(new ClaimResult(
            true,
            new StoredServer(Id, new ClaimToken(1, Request.ClaimId), 0, ServerStatus.Running, Request.Owner, 0, null, now, now) { LeaseId = Request.LeaseId, Region = Request.Region },
            null));

    /// <summary>There was a record and the claim took it over.</summary>
    public void Granted(StoredServer before, DateTimeOffset now)
    {
        var after = before with
        {
            Token = new ClaimToken(before.Token.Epoch + 1, Request.ClaimId),
            Status = ServerStatus.Running,
            Owner = Request.Owner,
            LeaseId = Request.LeaseId,
            Region = Request.Region,
            UpdatedAt = now,
        };
        Decide(new ClaimResult(true, after, before.Status));
    }

    /// <summary>There was a record and it stayed as it was.</summary>
    public void Refused(StoredServer record) => Decide(new ClaimResult(false, record, record.Status));

    /// <summary>There was a record that may be claimed, but for the lease of another node that holds it.</summary>
    public void Held(StoredServer record) => Decide(new ClaimResult(false, record, record.Status) { IsHeld = true });
}
