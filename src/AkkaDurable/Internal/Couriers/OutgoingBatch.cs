using Akka.Event;
using AkkaDurable.Internal.Calls;

namespace AkkaDurable.Internal.Couriers;

/// <summary>
/// A pick-up on its way to the connection with another node. What waits for that node is taken only when Akka.Remote writes this message, so that all that came meanwhile goes along in the one remote message.
/// </summary>
internal sealed class OutgoingBatch(Peer peer) : IWireMessage, IDeadLetterSuppression
{
    private byte[]? _bytes;

    public Peer Peer { get; } = peer;

    /// <summary>The batch. Akka.Remote writes a message anew when the connection would not take it; it then has to be the same one.</summary>
    public byte[] TakeBytes() => _bytes ??= Peer.TakeBatch();
}
