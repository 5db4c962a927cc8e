using Akka.Actor;

namespace AkkaDurable.Supervision;

/// <summary>Tells an actor that one that it monitored has ended. OTP's <c>'DOWN'</c>.</summary>
/// <param name="Monitor">The monitor; it is over.</param>
/// <param name="Actor">The actor that has ended.</param>
/// <param name="Reason">Why; <see cref="ExitReason.NotRunning"/>: it had ended before it was monitored, or its node is gone.</param>
public sealed record Down(ActorMonitor Monitor, IActorRef Actor, ExitReason Reason) : INoSerializationVerificationNeeded;
