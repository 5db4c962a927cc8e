using Akka.Actor;

namespace AkkaDurable.Placement.Internal.Strategy;

/// <summary>A shard without a place that somebody asked for. All who ask wait for the one task.</summary>
internal sealed class HeldShard(string shard, string? requesterRegion, DateTimeOffset askedAt)
{
    // The coordinator goes on elsewhere: whoever finds the place holds a lock.
    private readonly TaskCompletionSource<IActorRef> _place = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Shard { get; } = shard;

    public string? RequesterRegion { get; } = requesterRegion;

    public DateTimeOffset AskedAt { get; } = askedAt;

    public PlacementDecision? Decision { get; set; }

    /// <summary>When the other nodes were told last that it is held.</summary>
    public DateTimeOffset? ToldAt { get; set; }

    public Task<IActorRef> Place => _place.Task;

    public void Found(IActorRef region) => _place.TrySetResult(region);
}
