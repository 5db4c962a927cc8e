using Akka.Actor;

namespace AkkaDurable.Hosting.Internal.Supervision.Singletons;

/// <summary>Asks a singleton to end: because another node takes it over, or its child is stopped.</summary>
internal sealed class EndSingleton : INoSerializationVerificationNeeded
{
    public static EndSingleton Instance { get; } = new();
}
