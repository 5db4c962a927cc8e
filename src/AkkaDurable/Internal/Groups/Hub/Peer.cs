using Akka.Actor;
using AkkaDurable.Internal.Groups.Replication;
using AkkaDurable.Internal.Groups.Wire;

namespace AkkaDurable.Internal.Groups.Hub;

/// <summary>Another node of the cluster.</summary>
internal sealed class Peer(NodeId node, FeedWriter writer)
{
    private readonly List<Interest> _heard = [];
    private long _heardVersion;
    private int _heardParts;

    public NodeId Node { get; } = node;

    public FeedWriter Writer { get; } = writer;

    /// <summary>What it asks for.</summary>
    public InterestSet Interests { get; } = new();

    /// <summary>What this node asks for, of what that one has begun to tell.</summary>
    public InterestSet Told { get; } = new();

    public long HelloVersion { get; set; }

    public bool IsReachable { get; set; } = true;

    /// <summary>Whether it was looked for and has answered, with a hub or without.</summary>
    public bool IsKnown { get; set; }

    public IActorRef? Hub { get; set; }

    /// <summary>What it will be told next.</summary>
    public List<FeedOp> Pending { get; } = [];

    /// <summary>Puts the parts of a hello together, which come in order; one that is missing has all asked for again.</summary>
    public bool TryAssemble(Hello hello, out IReadOnlyCollection<Interest> interests)
    {
        if (hello.Part == 0)
        {
            _heard.Clear();
            (_heardVersion, _heardParts) = (hello.Version, 0);
        }

        interests = _heard;
        if (hello.Version != _heardVersion || hello.Part != _heardParts)
        {
            return false;
        }

        _heard.AddRange(hello.Interests);
        return ++_heardParts == hello.Parts;
    }
}
