using Akka.Actor;

namespace AkkaDurable.Supervision.Internal.Runtime;

/// <summary>What Akka is told about a child that threw: to end it. The supervisor decides what comes then, when it has ended.</summary>
internal sealed class ChildFailureStrategy() : OneForOneStrategy(-1, -1, static _ => Directive.Stop, loggingEnabled: false)
{
    protected override Directive Handle(IActorRef child, Exception exception)
    {
        var cause = exception is ActorInitializationException { InnerException: { } inner } ? inner : exception;
        ExitReasons.Note(child, exception is ActorKilledException ? ExitReason.Killed : ExitReason.Error(Unwrap(cause)));
        return Directive.Stop;
    }

    // A constructor that throws comes wrapped in what called it.
    private static Exception Unwrap(Exception exception) => exception switch
    {
        System.Reflection.TargetInvocationException { InnerException: { } inner } => Unwrap(inner),
        AggregateException { InnerExceptions: [var single] } => Unwrap(single),
        TypeLoadException { InnerException: { } inner } => Unwrap(inner),
        _ => exception,
    };
}
