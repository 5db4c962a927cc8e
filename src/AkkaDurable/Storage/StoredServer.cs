namespace AkkaDurable.Storage;

/// <summary>One record of the state store.</summary>
/// <param name="Id">Which server.</param>
/// <param name="Token">The token of the newest claim.</param>
/// <param name="Revision">How many saves the record has seen. 0: claimed, but never saved.</param>
/// <param name="Status">The stored status.</param>
/// <param name="Owner">The node of the newest claim.</param>
/// <param name="StateVersion">The <c>StateVersion</c> of the code that saved the state; 0 while there is no state.</param>
/// <param name="State">The state as UTF-8 JSON; <see langword="null"/> while none was saved.</param>
/// <param name="CreatedAt">When the record was created, by the writing node's clock.</param>
/// <param name="UpdatedAt">When the record was last claimed or saved, by the writing node's clock.</param>
public sealed record StoredServer(
    ServerId Id,
    ClaimToken Token,
    long Revision,
    ServerStatus Status,
    string Owner,
    int StateVersion,
    ReadOnlyMemory<byte>? State,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>The lease that the record is held under: as long as it exists, its node may answer for the server.</summary>
    /// <value>0: none, since the server was stopped, or claimed without a lease.</value>
    public long LeaseId { get; init; }

    /// <summary>What the server remembers of its last calls, as it was saved. Comes with the state.</summary>
    /// <value>Empty: nothing.</value>
    public ReadOnlyMemory<byte> RecentCalls { get; init; }

    /// <summary>The region of the node of the newest claim.</summary>
    /// <value>Empty: none was given.</value>
    public string Region { get; init; } = "";

    /// <summary>Whether the server is to run always: when its node is lost it is started elsewhere although nobody calls it.</summary>
    public bool IsPermanent { get; init; }

    /// <summary>The crashes of the server, as they were saved: UTF-8 JSON. Comes with the claim, the record that is read, and with lists.</summary>
    /// <value>Empty: none.</value>
    public ReadOnlyMemory<byte> Crashes { get; init; }
}
