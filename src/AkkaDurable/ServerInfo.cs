using AkkaDurable.Placement;

namespace AkkaDurable;

/// <summary>What is known of one server, running or not, at the moment it was asked.</summary>
/// <param name="ServerType">The registered name of its type.</param>
/// <param name="Key">Its key.</param>
/// <param name="IsRunning">Whether it runs.</param>
/// <param name="Status">Its status as stored.</param>
/// <param name="Node">The node it runs on or, when it does not run, ran on last: an Akka address.</param>
/// <param name="Epoch">How often it was claimed.</param>
/// <param name="Revision">How often it was saved.</param>
/// <param name="StateVersion">While it runs, the version of its code, in which the state is saved next; else the version of its stored state. 0 before the first save.</param>
/// <param name="Meta">What it said about itself with <c>.Meta(map)</c>; empty when it does not run.</param>
public sealed record ServerInfo(
    string ServerType,
    string Key,
    bool IsRunning,
    ServerStatus Status,
    string Node,
    long Epoch,
    long Revision,
    int StateVersion,
    IReadOnlyDictionary<string, string> Meta)
{
    /// <summary>Whether it is to run always (<see cref="DurableServerOptions.Permanent"/>).</summary>
    public bool IsPermanent { get; init; }

    /// <summary>The region of <see cref="Node"/>.</summary>
    /// <value>Empty: it has none.</value>
    public string Region { get; init; } = "";

    /// <summary>Its crashes that are still remembered, oldest first.</summary>
    public IReadOnlyList<ServerCrash> Crashes { get; init; } = [];

    /// <summary>Its state as it is stored, which is JSON text. Only where it was asked for (<see cref="ServerRef.InfoAsync(bool, TimeSpan?, CancellationToken)"/>).</summary>
    /// <value><see langword="null"/>: nothing was saved yet, or nobody asked.</value>
    public string? StoredState { get; init; }

    /// <summary>Where its shard was, the newest place first. Only where it was asked for (<see cref="ServerRef.InfoAsync(bool, TimeSpan?, CancellationToken)"/>).</summary>
    /// <value>Empty: nobody asked, or nothing is known. At most <see cref="PlacementRecord.MaxEntries"/>.</value>
    public IReadOnlyList<PlacementEntry> Places { get; init; } = [];

    /// <summary>When its record was created, by the clock of the node that did it.</summary>
    /// <value><see langword="null"/> while it runs: the record was not looked at.</value>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When its record was last claimed or saved, by the clock of the node that did it.</summary>
    /// <value><see langword="null"/> while it runs: the record was not looked at.</value>
    public DateTimeOffset? UpdatedAt { get; init; }
}
