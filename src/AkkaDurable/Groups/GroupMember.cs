using Akka.Actor;

namespace AkkaDurable;

/// <summary>One member of a group, as a node knows it.</summary>
/// <param name="Group">The group.</param>
/// <param name="Id">Names the member within the group, on all nodes. Not meant to be parsed.</param>
/// <param name="Node">The Akka address of the node that it joined on.</param>
/// <param name="Meta">Its metadata.</param>
public sealed record GroupMember(string Group, string Id, string Node, IReadOnlyDictionary<string, string> Meta)
{
    /// <summary>The named cluster of nodes that the group is in; empty: all nodes.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>The actor, if the member is one; else <see langword="null"/>.</summary>
    public IActorRef? Actor { get; init; }

    /// <summary>The registered name of the server's type, if the member is a server; else <see langword="null"/>.</summary>
    public string? ServerType { get; init; }

    /// <summary>The server's key, if the member is a server; else <see langword="null"/>.</summary>
    public string? ServerKey { get; init; }
}
