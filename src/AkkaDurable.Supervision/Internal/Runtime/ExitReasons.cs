using System.Runtime.CompilerServices;
using Akka.Actor;

namespace AkkaDurable.Supervision.Internal.Runtime;

/// <summary>Why actors of this process end, noted before they do. Akka tells only that an actor ended.</summary>
/// <remarks>Holds on to nothing: an entry goes with its actor reference.</remarks>
internal static class ExitReasons
{
    private static readonly ConditionalWeakTable<IActorRef, ExitReason> Reasons = [];

    /// <summary>Stands for a start with nothing to run.</summary>
    public static ExitReason Ignored { get; } = ExitReason.ShutdownBecause("the start was ignored");

    /// <summary>The first reason stays: what happens to an actor that is ending does not change why.</summary>
    public static void Note(IActorRef actor, ExitReason reason) => Reasons.TryAdd(actor, reason);

    public static void Replace(IActorRef actor, ExitReason reason) => Reasons.AddOrUpdate(actor, reason);

    /// <summary>What was noted; normal if nothing was: a plain stop.</summary>
    public static ExitReason Of(IActorRef actor) => Reasons.TryGetValue(actor, out var reason) ? reason : ExitReason.Normal;
}
