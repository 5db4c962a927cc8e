using Akka.Actor;

namespace AkkaDurable.Supervision.Internal.Specs;

/// <summary>A child that is an actor.</summary>
internal sealed record ActorSpec(string Id, Func<ChildStartContext, Props> Props) : ChildSpec(Id);
