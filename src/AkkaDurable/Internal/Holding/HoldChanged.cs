using Akka.Actor;
using Akka.Event;

namespace AkkaDurable.Internal.Holding;

/// <summary>Tells a server that its type is held on this node from now on, or no more; which of the two it is it has to look up.</summary>
internal sealed class HoldChanged : INoSerializationVerificationNeeded, IDeadLetterSuppression
{
    public static HoldChanged Instance { get; } = new();
}
