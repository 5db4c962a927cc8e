using Akka.Actor;
using AkkaDurable.Internal.Calls;

namespace AkkaDurable.Internal.Couriers;

/// <summary>The way from this node to the servers of one type: straight to the node that is known to run a server, in a batch, else through the local shard region.</summary>
internal sealed class ServerRoute(IActorRef region, ShardHomes homes, IActorRef replyTo) : ICanTell, INoSerializationVerificationNeeded
{
    private volatile bool _isEnded;

    public IActorRef Region { get; } = region;

    public ShardHomes Homes { get; } = homes;

    /// <summary>Whether this node's shard region has ended, as it does before its node leaves the cluster.</summary>
    public bool IsEnded { get => _isEnded; set => _isEnded = value; }

    public void Tell(object message, IActorRef sender)
    {
        // What others sent was guessed once already and goes by the region, which knows.
        if (!ReferenceEquals(sender, replyTo) || message is not ServerEnvelope envelope || Homes.Of(envelope.Key) is not { } home || !home.TrySend(envelope))
        {
            Region.Tell(message, sender);
        }
    }
}
