using Akka.Actor;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Holding;

namespace AkkaDurable.Internal.Runtime;

// A type that is held on this node: its servers stop in order and do not start. What waits stays in the queue. A caller is told that its call waits here, so that it knows, when its time is over, that it did not run; and to make that
// true, calls that wait are not handled when the hold ends but given back to their callers, who send them again if they still want an answer.
internal sealed partial class ServerProcess
{
    private bool _isAtHold;

    // Whether callers rely on what waits not being handled.
    private bool _hasToldHeld;

    private TypeHold Hold => ServerType.Hold;

    private void OnHoldChanged()
    {
        switch (_phase)
        {
            case Phase.Held when !Hold.IsHeld:
                LetGo();
                break;
            case Phase.BackingOff when Hold.IsHeld:
                EndBackingOff(EndUnfinished);
                break;
        }

        Pump();
    }

    private void BeginHeldStop()
    {
        if (_isPermanent && !Hold.TryRecoverLater(Key))
        {
            // The hold has just ended, too late for this one.
            ServerType.RecoverLater(Key);
        }

        BeginStop(StopReason.Shutdown);
    }

    // On the way from dormant to its claim, or back there after a crash. True: it goes no further for now.
    private bool IsHeldBack()
    {
        if (!Hold.IsHeld)
        {
            return false;
        }

        Release();
        if (_stopReceived || Backlog == 0)
        {
            EndUnfinished();
        }
        else if (_waiting!.TryPeek(out var first) && first.Message is ControlEnvelope { Verb: ControlVerb.Recover } recover)
        {
            _waiting.Dequeue();
            _phase = Phase.Dormant;
            RefuseHeldRecovery(recover, first.Sender);
            LeaveIfIdle();
        }
        else
        {
            _phase = Phase.Held;
            for (var count = Backlog; count > 0; count--)
            {
                var waiting = _waiting.Dequeue();
                _waiting.Enqueue(waiting);
                TellHeld(waiting.Message, waiting.Sender);
            }

            if (!JoinHold())
            {
                LetGo();
            }
        }

        return true;
    }

    // Waits for its restart after a crash: the hold must know of it.
    private bool JoinHold()
    {
        _isAtHold = true;
        return Hold.Join(this);
    }

    private void LeaveHold()
    {
        if (_isAtHold)
        {
            _isAtHold = false;
            Hold.Leave(this);
        }
    }

    private void LetGo()
    {
        LeaveHold();
        _phase = Phase.Dormant;
        GiveBackHeld();
        LeaveIfIdle();
    }

    // What is asked of the runtime does not wait behind messages that wait for the server.
    private void OnControlWhileHeld(ControlEnvelope control, IActorRef sender)
    {
        switch (control.Verb)
        {
            case ControlVerb.Info:
                _ = AnswerInfo(this, control, sender);
                break;
            case ControlVerb.IsRunning or ControlVerb.Stop:
                sender.Tell(new ReplyEnvelope(control.CorrelationId, false), Self);
                break;
            case ControlVerb.Recover:
                RefuseHeldRecovery(control, sender);
                break;
            case ControlVerb.Start or ControlVerb.EnsureStarted:
                TryEnqueue(control, sender);
                break;
            default:
                LeaveHold();
                _phase = Phase.Dormant;
                GiveBackHeld();
                (_waiting ??= new()).EnqueueFirst(new(control, sender));
                break;
        }

        static async Task AnswerInfo(ServerProcess process, ControlEnvelope control, IActorRef sender)
        {
            ReplyEnvelope reply;
            try
            {
                reply = await process.AnswerDormant(control).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                reply = new(control.CorrelationId, null, new CallFailure(FailureKind.StoreUnavailable, $"The state store could not answer for {process.Id}: {exception.Message}") { Cause = exception });
            }

            sender.Tell(reply, process.Self);
        }
    }

    // Each attempt of a call is told of once, those too that are dropped because another one waits.
    private void TellHeld(object message, IActorRef sender)
    {
        if (message is CallEnvelope or ControlEnvelope { Verb: ControlVerb.Start or ControlVerb.EnsureStarted })
        {
            _hasToldHeld = true;
            sender.Tell(new ReplyEnvelope(CorrelationOf(message), null, Hold.FailureOf(Id)), Self);
        }
    }

    private void TellHeldRepeat(CallEnvelope repeat, IActorRef sender)
    {
        if (Hold.IsHeld)
        {
            sender.Tell(new ReplyEnvelope(repeat.CorrelationId, null, Hold.FailureOf(Id)), Self);
        }
    }

    // Calls and starts go back to who sent them. The rest keeps its place.
    private void GiveBackHeld()
    {
        if (!_hasToldHeld)
        {
            return;
        }

        _hasToldHeld = false;
        for (var count = Backlog; count > 0; count--)
        {
            var waiting = _waiting!.Dequeue();
            if (waiting.Message is CallEnvelope or ControlEnvelope { Verb: ControlVerb.Start or ControlVerb.EnsureStarted })
            {
                waiting.Sender.Tell(new ReplyEnvelope(CorrelationOf(waiting.Message), null, Hold.FailureOf(Id) with { Kind = FailureKind.LetGo }), Self);
            }
            else
            {
                _waiting.Enqueue(waiting);
            }
        }
    }

    // It ended by a crash or before it ran, and stays here.
    private void NotePermanent()
    {
        if (_isPermanent && !_stopReceived)
        {
            Hold.TryRecoverLater(Key);
        }
    }

    private void RefuseHeldRecovery(ControlEnvelope recover, IActorRef sender)
    {
        // If the hold has just ended, nobody else would see to what was asked for by a node that is done with it.
        if (!Hold.TryRecoverLater(Key) && recover.CorrelationId == 0)
        {
            ServerType.RecoverLater(Key);
        }

        sender.Tell(new ReplyEnvelope(recover.CorrelationId, null, Hold.FailureOf(Id) with { Kind = FailureKind.PlacementUnavailable, Actual = -1 }), Self);
    }

    private static long CorrelationOf(object message) => message is CallEnvelope call ? call.CorrelationId : ((ControlEnvelope)message).CorrelationId;
}
