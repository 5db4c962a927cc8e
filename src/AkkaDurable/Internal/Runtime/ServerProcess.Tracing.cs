using System.Diagnostics;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Telemetry;
using AkkaDurable.Storage;

namespace AkkaDurable.Internal.Runtime;

// Spans of what the server does. All of it is reached only while somebody listens.
internal sealed partial class ServerProcess
{
    // The handlers whose changes no save covers yet. Null: none of them was traced.
    private UnsavedSpans? _unsavedSpans;

    // What a start is done for.
    private TraceOrigin? WaitingOrigin => _waiting is not null && _waiting.TryPeek(out var first) ? (first.Message as ServerEnvelope)?.Trace : null;

    // Who asked for the stop.
    private TraceOrigin? StopperOrigin => _stoppers is [var (control, _), ..] ? control.Trace : null;

    private Turn NewTracedTurn(TurnKind kind, object message, TraceOrigin? origin, TimerFired? timer) => TracedBy(kind switch
    {
        TurnKind.Call => Spans.Server(origin, ServerType.Name, Key, message.GetType().Name),
        TurnKind.Cast => Spans.Consumer(origin, ServerType.Name, Key),
        TurnKind.Init => Spans.Internal("init", origin, ServerType.Name, Key),
        TurnKind.Continue => Spans.Internal("continue", origin, ServerType.Name, Key),
        TurnKind.Saved => Spans.Internal("saved", origin, ServerType.Name, Key),
        _ when timer is not null => TimerSpan(timer),
        _ => Spans.Consumer(origin, ServerType.Name, Key),
    });

    private Turn NewTurn(string what, TraceOrigin? origin) => TracedBy(Spans.AreWanted ? Spans.Internal(what, origin, ServerType.Name, Key) : null);

    private Turn TracedBy(Activity? span)
    {
        if (span is null)
        {
            return new Turn(this, _loop!.InputIsStored);
        }

        span.SetTag(Spans.NodeTag, ServerType.Node.Address);
        return new TracedTurn(this, _loop!.InputIsStored, span);
    }

    // A timer that fires once belongs to what started it. The ticks of a periodic one would make a trace that never ends: each is one of its own, with a link.
    private Activity? TimerSpan(TimerFired timer)
    {
        var span = timer is { IsPeriodic: true, Trace: { } started }
            ? Spans.Internal("timer", null, ServerType.Name, Key, [new ActivityLink(started.Context)])
            : Spans.Internal("timer", timer.Trace, ServerType.Name, Key);
        return span?.SetTag(Spans.TimerTag, timer.Name);
    }

    // The handler has returned, or awaits something: its code is no longer what runs on this thread.
    private static void Leave(Turn turn)
    {
        Turn.Enter(null);
        Leave((turn as TracedTurn)?.Span);
    }

    // What was begun under a span goes on elsewhere.
    private static void Leave(Activity? span)
    {
        if (span is not null)
        {
            Activity.Current = null;
        }
    }

    // A handler has succeeded.
    private void NoteSpan(Turn turn, in HandlerResult result, bool hasChanged)
    {
        if (turn is not TracedTurn traced)
        {
            return;
        }

        if (result.Kind == ResultKind.Unhandled)
        {
            traced.Fail("unhandled", message: null);
        }

        if (hasChanged || result.Save)
        {
            NoteUnsaved(turn);
        }
    }

    // What a handler did waits for the next save.
    private void NoteUnsaved(Turn turn)
    {
        if (turn is TracedTurn { Span: var span })
        {
            (_unsavedSpans ??= new()).Add(span);
        }
    }

    private bool TakeContinue(out object step)
    {
        step = _continue!;
        _continue = null;
        return step is not null;
    }

    private static object? StepOf(Turn turn, object? step) => step is not null && turn is TracedTurn traced ? new TracedStep(step, TraceOrigin.Of(traced.Span)) : step;

    private void RunContinue(object step)
    {
        if (step is TracedStep traced)
        {
            RunTurn(TurnKind.Continue, traced.Step, traced.Origin);
        }
        else
        {
            RunTurn(TurnKind.Continue, step);
        }
    }

    // Below the first handler that it covers, with links to the others; or below the one that waits for it, since it may call nobody before.
    private Activity? BeginSaveSpan(string what, int? size)
    {
        var covered = _unsavedSpans;
        _unsavedSpans = null;
        var span = Spans.Internal(what, covered?.First ?? TraceOrigin.Of((_turn as TracedTurn)?.Span), ServerType.Name, Key, covered?.Others);
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag(Spans.NodeTag, ServerType.Node.Address);
            span.SetTag(Spans.SaveHandlersTag, covered?.Count ?? 0);
            if (size is not null)
            {
                span.SetTag(Spans.SaveSizeTag, size);
            }
        }

        return span;
    }

    private void ClaimTraced(ClaimRequest request)
    {
        var span = Spans.Internal("claim", WaitingOrigin, ServerType.Name, Key);
        span?.SetTag(Spans.NodeTag, ServerType.Node.Address);
        if (_phase == Phase.Claiming)
        {
            // A start begins with what is stored.
            _unsavedSpans = null;
        }

        _ = RunClaim(request, _incarnation, _startBegan, span);
        Leave(span);
    }

    private static void EndClaimSpan(Activity span, ClaimEnded ended)
    {
        if (ended.Result is { } claim && (claim.IsHeld || !claim.Granted))
        {
            Spans.Fail(span, claim.IsHeld ? "held" : "refused");
        }

        Spans.End(span, ended.Error);
    }

    private sealed record TracedStep(object Step, TraceOrigin? Origin);
}
