using Akka.Actor;

namespace AkkaDurable.Supervision.Internal.Runtime;

/// <summary>A child that runs.</summary>
internal sealed record LiveChild(IActorRef? Actor, SupervisorCell? Cell);
