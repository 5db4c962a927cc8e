using System.Collections.Immutable;
using Akka.Actor;

namespace AkkaDurable.Placement.Internal.Strategy;

/// <summary>A shard region that the coordinator has told of.</summary>
internal sealed class RegionTrack(string address, IActorRef region)
{
    public string Address { get; } = address;

    public IActorRef Region { get; set; } = region;

    /// <summary>Whether the placer still counts with it.</summary>
    public bool IsKnown { get; set; } = true;

    public IImmutableList<string> Shards { get; set; } = ImmutableList<string>.Empty;

    /// <summary>Whether it may get shards: it was among the regions of the last call.</summary>
    public bool IsCandidate { get; set; }

    /// <summary>Shards that were decided for it and that Akka has not confirmed.</summary>
    public int InFlight { get; set; }

    /// <summary>Shards decided for it since its node's report was measured.</summary>
    public int Unreported { get; set; }

    public NodeReport? LastReport { get; set; }
}
