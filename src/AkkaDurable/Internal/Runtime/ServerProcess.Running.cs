using Akka.Actor;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.State;
using AkkaDurable.Internal.Telemetry;

namespace AkkaDurable.Internal.Runtime;

// Running: handlers, their results, and what they send.
internal sealed partial class ServerProcess
{
    // The handler that awaits something; while there is one nothing else is handled.
    private Turn? _turn;
    private TurnKind _turnKind;
    private From? _caller;
    private object? _continue;
    private ITimer? _idleTimer;
    private long _idleGeneration;
    private IReadOnlyDictionary<string, string>? _meta;

    // Whether a message from outside was taken, or any handler but Init succeeded, since the start. If not, what fails is the start and what it set off, and trying again at once would fail again, for ever.
    private bool _hasHandled;

    // Callers that a handler left without a reply for now, so that they can be told when the server ends.
    private Dictionary<CallKey, (CallEnvelope Call, IActorRef Sender)>? _unanswered;

    private enum TurnKind : byte
    {
        Init,
        Call,
        Cast,
        Info,
        Continue,
        Saved,
    }

    private void Handle(object message, IActorRef sender)
    {
        _hasHandled |= message is not (StateSaved or TimerFired or IdleTimeout);
        if (message is CallEnvelope again && TryAnswerAgain(again, sender))
        {
            // No handler runs that could set the idle timer anew.
            return;
        }

        if (message is not StateSaved)
        {
            CancelIdleTimer();
        }

        switch (message)
        {
            case CallEnvelope call:
                if (TryDecode(call.Payload, call, sender, out var request))
                {
                    _caller = new From(this, call, sender, request, _incarnation);
                    RunTurn(TurnKind.Call, request, call.Trace);
                }

                break;
            case CastEnvelope cast:
                if (TryDecode(cast.Payload, cast, sender, out var payload))
                {
                    RunTurn(TurnKind.Cast, payload, cast.Trace);
                }

                break;
            case ControlEnvelope control:
                HandleControl(control, sender);
                break;
            case TimerFired timer:
                if (timer.Incarnation == _incarnation && _instance!.Context.Timers.Take(timer))
                {
                    RunTurn(TurnKind.Info, timer.Message, timer.Trace, timer);
                }

                break;
            case StateSaved saved:
                if (saved.Incarnation == _incarnation)
                {
                    RunTurn(TurnKind.Saved, saved.State, saved.Trace);
                }

                break;
            default:
                RunTurn(TurnKind.Info, message);
                break;
        }
    }

    private bool TryDecode(object payload, ServerEnvelope envelope, IActorRef sender, out object message)
    {
        if (payload is not EncodedPayload encoded)
        {
            message = payload;
            return true;
        }

        try
        {
            message = ServerType.Node.Messages.Read(encoded, ServerType.Codec);
            return true;
        }
        catch (Exception exception)
        {
            // Also whatever a constructor of the message's own throws.
            LogMessageRejected(Log, ServerType.Name, Key, encoded.Alias, exception);
            Refuse(envelope, sender, new CallFailure(FailureKind.MessageRejected, $"{Id} could not read the message '{encoded.Alias}': {exception.Message}"));
            message = encoded;
            return false;
        }
    }

    private void RunTurn(TurnKind kind, object message, TraceOrigin? origin = null, TimerFired? timer = null)
    {
        var turn = Spans.AreWanted ? NewTracedTurn(kind, message, origin, timer) : new Turn(this, _loop!.InputIsStored);
        _turnKind = kind;
        ValueTask<HandlerResult> task;
        Turn.Enter(turn);
        try
        {
            task = Invoke(kind, message, _loop!.State);
            if (!task.IsCompleted)
            {
                _turn = turn;
                _ = Await(task, turn, _incarnation);
                return;
            }
        }
        catch (Exception exception)
        {
            OnTurnEnded(turn, default, exception);
            return;
        }
        finally
        {
            Leave(turn);
        }

        Exception? error = null;
        HandlerResult result = default;
        try
        {
            result = task.GetAwaiter().GetResult();
        }
        catch (Exception exception)
        {
            error = exception;
        }

        OnTurnEnded(turn, result, error);
    }

    private async Task Await(ValueTask<HandlerResult> task, Turn turn, int incarnation)
    {
        TurnEnded ended;
        try
        {
            ended = new(incarnation, turn, await task.ConfigureAwait(false), null);
        }
        catch (Exception exception)
        {
            ended = new(incarnation, turn, default, exception);
        }

        turn.EndIfVoid();
        Host.Post(ended);
    }

    private ValueTask<HandlerResult> Invoke(TurnKind kind, object message, object state)
    {
        var (server, context) = (_instance!.Server, _instance.Context);
        return kind switch
        {
            TurnKind.Init => server.OnInit(state, context),
            TurnKind.Call => server.OnCall(message, _caller!.Value, state),
            TurnKind.Cast => server.OnCast(message, state),
            TurnKind.Continue => server.OnContinue(message, state),
            TurnKind.Saved => server.OnSaved(message, state),
            _ => server.OnInfo(message, state),
        };
    }

    private void OnTurnEnded(Turn turn, in HandlerResult result, Exception? error)
    {
        if (error is null && Misuse(result) is { } misuse)
        {
            error = new InvalidOperationException(misuse);
        }

        if (_phase == Phase.Initialising)
        {
            OnInitEnded(turn, result, error);
        }
        else if (_phase == Phase.Draining)
        {
            // The server is being restarted for another reason: whatever this handler did is void.
            OnTurnFailed(turn, error ?? new InvalidOperationException("The server restarted before its handler was done."), RestartedFailure());
        }
        else if (error is not null)
        {
            OnTurnFailed(turn, error, HandlerFailure(error));
        }
        else
        {
            FinishTurn(turn, result);
        }
    }

    private string? Misuse(in HandlerResult result) => result.Kind switch
    {
        ResultKind.None => $"A handler of {ServerType.ImplementationType.Name} returned default instead of one of its results.",
        ResultKind.Unhandled or ResultKind.Ignore => null,
        _ => result.State is null ? $"A handler of {ServerType.ImplementationType.Name} returned null as the state." : null,
    };

    private void FinishTurn(Turn turn, HandlerResult result)
    {
        Output? reply = null;
        if (_caller is { } from && !TryMakeReply(from, result, out reply, out var failure))
        {
            OnTurnFailed(turn, new InvalidOperationException(failure.Message), failure);
            return;
        }

        long waitsFor;
        var before = _loop!.Change;
        try
        {
            waitsFor = _loop.Accept(result.Kind == ResultKind.Unhandled ? _loop.State : result.State!, result.Save);
        }
        catch (StateWriteException exception)
        {
            // The reply has been made but not sent; its caller gets this instead.
            var writeFailure = WriteFailure(exception);
            if (reply is { } unsent)
            {
                Fail(unsent, writeFailure);
            }

            OnTurnFailed(turn, exception, writeFailure);
            return;
        }

        NoteSpan(turn, result, _loop.Change != before);

        // Closed first: a task that the handler left behind may still be adding to it.
        var outputs = turn.Close();
        var isRemembered = _loop.Change != before || outputs is not null || result.Modifiers?.Reason is { Status: ServerStatus.Deleting };
        if (_caller is { } remembered && (isRemembered || remembered.Call.IsRepeat))
        {
            Remember(remembered, reply?.Message as ReplyEnvelope);
        }

        NoteTurn(result, waitsFor);
        if (outputs is not null)
        {
            NoteAnswered(turn);
            foreach (var output in outputs)
            {
                EmitResult(output, waitsFor, result.IsStop);
            }
        }

        if (reply is { } made)
        {
            EmitResult(made, waitsFor, result.IsStop);
        }
        else if (_caller is { } unanswered && result.Kind != ResultKind.Unhandled && !unanswered.Call.IsAnswered)
        {
            (_unanswered ??= [])[CallKey.Of(unanswered.Call, unanswered.Sender)] = (unanswered.Call, unanswered.Sender);
        }

        if (!isRemembered && _caller is { } unchanged && reply is { Message: ReplyEnvelope told })
        {
            NoteAnswer(unchanged.Call, unchanged.Sender, told);
        }

        _caller = null;
        _hasHandled |= _turnKind != TurnKind.Init;
        Apply(turn, result);
        if (result.IsStop)
        {
            BeginStop(result.Modifiers!.Reason!);
        }
        else
        {
            Advance();
        }
    }

    // Callers that earlier handlers had left waiting.
    private void NoteAnswered(Turn turn)
    {
        foreach (var (call, reply) in turn.AllAnswered)
        {
            ForgetUnanswered(call, reply);
            RememberReply(call, reply);
        }
    }

    // Whatever the policy: what a stopping handler sends waits for the final save.
    private void EmitResult(in Output output, long waitsFor, bool isStop)
    {
        if (isStop)
        {
            _loop!.EmitFinally(output);
        }
        else
        {
            _loop!.Emit(output, waitsFor);
        }
    }

    private void Apply(Turn turn, in HandlerResult result)
    {
        if (result.Kind == ResultKind.Unhandled && _turnKind != TurnKind.Call)
        {
            LogUnhandled(Log, ServerType.Name, Key, _turnKind.ToString());
        }

        if (result.Modifiers is not { } modifiers)
        {
            return;
        }

        _continue = StepOf(turn, modifiers.Continue);
        if (modifiers.IdleAfter is { } idle)
        {
            IdleAfter(idle, ++_idleGeneration, _incarnation);
        }
    }

    private void IdleAfter(TimeSpan idle, long generation, int incarnation) =>
        _idleTimer = Time.CreateTimer(_ => Host.Post(new IdleElapsed(incarnation, generation)), null, idle, Timeout.InfiniteTimeSpan);

    private void OnIdleElapsed(IdleElapsed idle)
    {
        // A message that came meanwhile has cancelled it, or waits and will.
        if (idle.Generation == _idleGeneration && _idleTimer is not null && _phase == Phase.Running && _turn is null && Backlog == 0)
        {
            CancelIdleTimer();

            // In turn, like any message: the node's lease may have to be looked after first.
            (_waiting ??= new()).Enqueue(new(IdleTimeout.Instance, Self));
        }
    }

    private void CancelIdleTimer()
    {
        _idleTimer?.Dispose();
        _idleTimer = null;
    }

    // A handler threw, or returned what cannot be: its caller is answered, all that it did is void, and the server begins again with what is stored.
    private void OnTurnFailed(Turn turn, Exception error, CallFailure failure)
    {
        LogHandlerFailed(Log, ServerType.Name, Key, _turnKind.ToString(), error);
        turn.Failed(error);
        DiscardOutbox(turn.Close());
        if (_caller is { } from && from.Call.TryAnswer())
        {
            var told = new ReplyEnvelope(from.Call.CorrelationId, null, failure);
            from.Sender.Tell(told, Self);
            if (failure.IsOfHandler)
            {
                NoteAnswer(from.Call, from.Sender, told);
            }
        }

        _caller = null;
        if (_phase != Phase.Draining)
        {
            NoteCrash(error);
        }

        BeginRestart();
    }

    private CallFailure HandlerFailure(Exception error) =>
        new(FailureKind.HandlerFailed, $"A handler of {Id} failed: {error.GetType().Name}: {error.Message}") { Cause = error };

    private CallFailure WriteFailure(StateWriteException error) =>
        new(error.IsTooLarge ? FailureKind.StateTooLarge : FailureKind.StateNotSerializable, $"{Id}: {error.Message} Nothing was saved.")
        {
            Actual = error.Size,
            Expected = error.Limit,
            Cause = error.InnerException,
        };

    private CallFailure RestartedFailure(CallOutcome outcome = CallOutcome.NotApplied) =>
        new(FailureKind.Restarted, $"{Id} restarted after an error in another message, before this one was done with.") { Outcome = outcome };
}
