namespace AkkaDurable.Storage;

/// <summary>Which records to list or to count. Pages are ordered by key, ordinally by UTF-8 bytes, so that paging is stable while records come and go.</summary>
/// <param name="ServerType">The server type whose records to list.</param>
public sealed record ServerQuery(string ServerType)
{
    /// <summary>Only keys that start with this text.</summary>
    /// <value>The default is <see langword="null"/>: all keys.</value>
    public string? KeyPrefix { get; init; }

    /// <summary>Only records with this status.</summary>
    /// <value>The default is <see langword="null"/>: any status.</value>
    public ServerStatus? Status { get; init; }

    /// <summary>Only records whose newest claim was made in this region.</summary>
    /// <value>The default is <see langword="null"/>: any region. Empty: those claimed by nodes without a region.</value>
    public string? Region { get; init; }

    /// <summary>Only records whose newest claim was made by this node (<see cref="StoredServer.Owner"/>).</summary>
    /// <value>The default is <see langword="null"/>: any node.</value>
    public string? Owner { get; init; }

    /// <summary>Only records that are permanent, or only such that are not.</summary>
    /// <value>The default is <see langword="null"/>: both.</value>
    public bool? IsPermanent { get; init; }

    /// <summary>Only keys after this one: the last key of the page before.</summary>
    /// <value>The default is <see langword="null"/>: from the first key on.</value>
    public string? AfterKey { get; init; }

    /// <summary>The most records to return, 1 to 1,000.</summary>
    /// <value>The default is 100.</value>
    public int PageSize { get; init; } = 100;

    /// <summary>Whether the records come with their states.</summary>
    /// <value>The default is <see langword="false"/>: <see cref="StoredServer.State"/> is <see langword="null"/>.</value>
    public bool IncludeState { get; init; }
}
