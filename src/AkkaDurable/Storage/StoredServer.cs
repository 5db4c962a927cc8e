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
    DateTimeOffset UpdatedAt);
