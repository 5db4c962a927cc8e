namespace AkkaDurable;

/// <summary>Something that happened to one server or to one member of a group.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Node">The Akka address of the node that the server ran on, or that the member joined on.</param>
/// <param name="Meta">The metadata of the server (<c>.Meta(map)</c>) or of the member; of what is gone, the last known.</param>
public sealed record LifecycleEvent(LifecycleEventKind Kind, string Node, IReadOnlyDictionary<string, string> Meta)
{
    /// <summary>Of a server: the registered name of its type; else <see langword="null"/>.</summary>
    public string? ServerType { get; init; }

    /// <summary>Of a server: its key; else <see langword="null"/>.</summary>
    public string? Key { get; init; }

    /// <summary>Of a server: how often its record has been claimed, which tells a former run from a later one. 0 for members.</summary>
    public long Epoch { get; init; }

    /// <summary>Of a member of a group: the member; else <see langword="null"/>.</summary>
    public GroupMember? Member { get; init; }

    /// <summary>With <see cref="LifecycleEventKind.Updated"/>: the metadata until then; else <see langword="null"/>.</summary>
    public IReadOnlyDictionary<string, string>? PreviousMeta { get; init; }

    /// <summary>With <see cref="LifecycleEventKind.Unregistered"/> and <see cref="LifecycleEventKind.Left"/>: why; else <see langword="null"/>.</summary>
    public LifecycleReason? Reason { get; init; }
}
