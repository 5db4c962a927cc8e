namespace AkkaDurable.Internal.Groups.Replication;

/// <summary>One member of a group, or one running server. Immutable.</summary>
/// <param name="Id">What it is about.</param>
/// <param name="Version">Which run or stay.</param>
/// <param name="Meta">Its metadata.</param>
internal sealed record Entry(EntryId Id, EntryVersion Version, IReadOnlyDictionary<string, string> Meta)
{
    /// <summary>Of a member that is an actor: where.</summary>
    public string? ActorPath { get; init; }

    /// <summary>Of a member that is a server.</summary>
    public string? ServerType { get; init; }

    /// <summary>Of a member that is a server.</summary>
    public string? ServerKey { get; init; }

    public bool HasMeta(IReadOnlyDictionary<string, string> meta)
    {
        if (ReferenceEquals(Meta, meta))
        {
            return true;
        }

        if (Meta.Count != meta.Count)
        {
            return false;
        }

        foreach (var (name, value) in Meta)
        {
            if (!meta.TryGetValue(name, out var other) || other != value)
            {
                return false;
            }
        }

        return true;
    }
}
