using Akka.Actor;
using Akka.Event;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Leases;
using AkkaDurable.Internal.Telemetry;
using AkkaDurable.Storage;

namespace AkkaDurable.Internal.Runtime;

/// <summary>The shard's stop message: on passivation, and when the shard is handed over.</summary>
internal sealed class StopServer : INoSerializationVerificationNeeded, IDeadLetterSuppression
{
    public static StopServer Instance { get; } = new();
}

/// <summary>Asks a server to passivate if it is idle, or for an eviction even if it has timers.</summary>
internal sealed record PassivateServer(bool Evict) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

/// <summary>Nobody sends by a shortcut any more that was closed: what came by it is in the mailbox before this.</summary>
internal sealed record ShortcutLeft(Shortcut Shortcut) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

/// <summary>
/// What a process tells itself from other threads. It belongs to one incarnation: what comes late from an earlier one is dropped.
/// </summary>
internal abstract record Signal(int Incarnation) : INoSerializationVerificationNeeded, IDeadLetterSuppression
{
    public int Incarnation { get; protected set; } = Incarnation;
}

internal sealed record ClaimEnded(int Incarnation, ClaimResult? Result, LeaseTerm? Term, Exception? Error) : Signal(Incarnation);

/// <summary>Something about the node's lease has changed since a message was held back for it.</summary>
internal sealed record LeaseChanged(int Incarnation) : Signal(Incarnation);

internal sealed record TurnEnded(int Incarnation, Turn Turn, HandlerResult Result, Exception? Error) : Signal(Incarnation);

internal sealed record TerminateEnded(int Incarnation, Turn Turn, object? State, Exception? Error) : Signal(Incarnation);

internal sealed record AfterTerminateEnded(int Incarnation) : Signal(Incarnation);

internal sealed record DormantEnded(int Incarnation) : Signal(Incarnation);

/// <summary>The shard was moved to a node with newer code, or could not be.</summary>
internal sealed record MoveEnded(int Incarnation, bool IsMoved, StoredServer Record) : Signal(Incarnation);

internal sealed record SaveDue(int Incarnation) : Signal(Incarnation);

internal sealed record IdleElapsed(int Incarnation, long Generation) : Signal(Incarnation);

internal sealed record GatedOutput(int Incarnation, Output Output) : Signal(Incarnation);

/// <summary>A reply that a task outside of any handler gives: it waits for all that was computed up to now.</summary>
internal sealed record LateReply(int Incarnation, CallEnvelope Call, Output Output) : Signal(Incarnation);

/// <summary>A timer's message; handled in turn, like any message, and dropped when the timer was cancelled meanwhile.</summary>
internal sealed record TimerFired(int Incarnation, string Name, long Generation, object Message) : INoSerializationVerificationNeeded, IDeadLetterSuppression
{
    /// <summary>The handler that started the timer, if it was traced.</summary>
    public TraceOrigin? Trace { get; init; }

    public bool IsPeriodic { get; init; }
}

/// <summary>Runs <c>HandleSaved</c> as a message of its own.</summary>
internal sealed record StateSaved(int Incarnation, object State) : INoSerializationVerificationNeeded, IDeadLetterSuppression
{
    /// <summary>The save, if it was traced.</summary>
    public TraceOrigin? Trace { get; init; }
}
