using Akka.Actor;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Runtime;

namespace AkkaDurable.Internal.Couriers;

/// <summary>The way from this node to the servers of one type: straight to the node that is known to run a server, in a batch, or to the server if it runs here, else through the local shard region.</summary>
internal sealed class ServerRoute(string serverType, IActorRef region, ShardHomes homes, IActorRef replyTo) : ICanTell, INoSerializationVerificationNeeded
{
    private volatile bool _isEnded;

    public IActorRef Region { get; } = region;

    public ShardHomes Homes { get; } = homes;

    public Shortcuts Shortcuts { get; } = new(serverType, region);

    /// <summary>Whether this node's shard region has ended, as it does before its node leaves the cluster.</summary>
    public bool IsEnded { get => _isEnded; set => _isEnded = value; }

    public void Tell(object message, IActorRef sender)
    {
        if (message is not ServerEnvelope envelope)
        {
            Region.Tell(message, sender);
        }
        else if (!ReferenceEquals(sender, replyTo) || Homes.Of(envelope.Key) is not { } home || !home.TrySend(envelope))
        {
            // What others sent was guessed once already and goes to the servers here, or by the region, which knows.
            Shortcuts.Send(envelope, sender);
        }
    }
}
