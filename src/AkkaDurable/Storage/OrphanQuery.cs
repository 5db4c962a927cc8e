namespace AkkaDurable.Storage;

/// <summary>
/// Which records to look through for permanent servers that run nowhere. Such are those that are <see cref="ServerStatus.StoppedGraceful"/> or <see cref="ServerStatus.Crashed"/>, and those that are
/// <see cref="ServerStatus.Running"/> but under no lease that exists, but for <see cref="LostLeases"/>: with none at all (0), their owner must not be one of <see cref="LiveOwners"/>.
/// </summary>
/// <param name="ServerType">The server type.</param>
public sealed record OrphanQuery(string ServerType)
{
    internal const int DefaultPageSize = 1_000;

    /// <summary>The nodes that are members of the cluster, by the names they claim with (<see cref="StoredServer.Owner"/>).</summary>
    /// <value>The default is empty.</value>
    public IReadOnlyCollection<string> LiveOwners { get; init; } = [];

    /// <summary>Leases that may still exist, but that nobody renews any more.</summary>
    /// <value>The default is empty.</value>
    public IReadOnlyCollection<long> LostLeases { get; init; } = [];

    /// <summary>Only keys after this one: the last key of the page before.</summary>
    /// <value>The default is <see langword="null"/>: from the first key on.</value>
    public string? AfterKey { get; init; }

    /// <summary>The most records to return, 1 to 1,000.</summary>
    /// <value>The default is 1,000.</value>
    public int PageSize { get; init; } = DefaultPageSize;
}
