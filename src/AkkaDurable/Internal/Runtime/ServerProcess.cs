using Akka.Actor;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Holding;
using AkkaDurable.Storage;
using Microsoft.Extensions.Logging;

namespace AkkaDurable.Internal.Runtime;

/// <summary>
/// One server on its node, from its first message to its stop. Single-threaded: its host calls <see cref="Receive"/> for one message at a time. What is to be done with states, saves and
/// gated outputs is decided by the pure <see cref="ServerLoop"/>; this class runs the handlers and the store operations.
/// </summary>
/// <remarks>
/// Its life: Dormant → Claiming → Initialising → Running → Terminating → Saving → Stopped. An error leads from Running through Draining (the save and the handler under way end first)
/// back to Claiming, by CrashSaving and BackingOff if it was the server's own. One partial file a phase.
/// </remarks>
internal sealed partial class ServerProcess : Activation, IRecordHint
{
    private LateReplies? _lateReplies;
    private Phase _phase;
    private int _incarnation;
    private WaitingMessages? _waiting;

    // Whether the shard's stop message has come: no other message follows it.
    private bool _stopReceived;

    public ServerProcess(ServerType serverType, string key, IServerHost host)
        : base(host)
    {
        ServerType = serverType;
        Key = key;
        _answered = serverType.PastCalls.Take(key);
    }

    private enum Phase : byte
    {
        // Nothing claimed: the first message decides what is to be done.
        Dormant,
        DormantBusy,

        // Nothing claimed: the shard is to go to a node with newer code, where what waits will be handled.
        AwaitingMove,

        // Nothing claimed: the type is held on this node, and what would start the server waits.
        Held,
        Claiming,

        // Claimed, but crashed so often that the start has to wait.
        BackingOff,
        Initialising,
        Running,
        Reclaiming,
        Draining,
        CrashSaving,
        Terminating,
        FinalSaving,
        AfterTerminating,
        Stopped,
    }

    public ServerType ServerType { get; }

    public string Key { get; }

    public ServerId Id => new(ServerType.Name, Key);

    public IActorRef Self => Host.Self;

    /// <summary>The state in memory, for probes; null while the server does not run.</summary>
    public object? State => _loop?.State;

    /// <summary>Whether the server is up, for probes.</summary>
    public bool IsRunning => _phase == Phase.Running;

    private IStateStore Store => ServerType.Node.Store;

    private ILogger Log => ServerType.Log;

    private TimeProvider Time => ServerType.Node.Time;

    private int Backlog => _waiting?.Count ?? 0;

    // Whether Pump would take the message that has just come, and was noted as the last use, out of the queue as soon as it is in it.
    private bool IsReady => _phase == Phase.Running && _turn is null && _continue is null && !_stopReceived && Backlog == 0 && _term.IsFreshAt(LastUsed);

    public void Receive(object message, IActorRef sender)
    {
        switch (message)
        {
            case Signal signal:
                if (signal.Incarnation == _incarnation)
                {
                    OnSignal(signal);
                }
                else if (signal is LateReply late)
                {
                    OnLateReply(late);
                }
                else if (signal is GatedOutput call)
                {
                    FailCall(call.Output);
                }

                break;
            case StopServer:
                _stopReceived = true;
                OnStopReceived();
                break;
            case PassivateServer passivate:
                OnPassivate(passivate);
                break;
            case ShortcutLeft left:
                OnShortcutLeft(left);
                break;
            case ControlEnvelope { Verb: ControlVerb.OpenShortcut } open:
                OnOpenShortcut(open);
                break;
            case CallEnvelope or ControlEnvelope when !((ServerEnvelope)message).TryTake():
                // Its caller was told that it does not run.
                break;
            case ControlEnvelope { Verb: ControlVerb.Info or ControlVerb.IsRunning } query when _phase is Phase.Running or Phase.Reclaiming or Phase.Draining or Phase.Initialising:
                AnswerQuery(query, sender);
                break;
            case ControlEnvelope control when _phase == Phase.BackingOff:
                OnControlWhileBackingOff(new(control, sender));
                Pump();
                break;
            case HoldChanged:
                OnHoldChanged();
                break;
            case ControlEnvelope control when _phase == Phase.Held:
                OnControlWhileHeld(control, sender);
                Pump();
                break;
            case CallEnvelope { IsRepeat: true } repeat when IsWaiting(repeat, sender):
                TellHeldRepeat(repeat, sender);
                break;
            default:
                Touch(Time);
                if (_shortcut is null)
                {
                    WantShortcut(message);
                }

                if (IsReady)
                {
                    Handle(message, sender);
                }
                else if (!TryEnqueue(message, sender))
                {
                    return;
                }

                Pump();
                break;
        }
    }

    /// <summary>Puts a message into the own mailbox. Safe from any thread.</summary>
    public void Post(object message) => Host.Post(message);

    /// <summary>The process is gone without having been asked: its node goes down, or its actor was killed.</summary>
    public void Abandon()
    {
        _incarnation = NextIncarnation();
        _turn?.Void();
        CloseShortcut();
        CloseLateReplies();
        Release();
    }

    /// <summary>The actor has stopped. Unless the process had come to its end before, a handler took longer than the cluster would wait: whoever waits is told or sent on.</summary>
    public void EndByForce()
    {
        if (_phase != Phase.Stopped)
        {
            LogEndedByForce(Log, ServerType.Name, Key, _phase.ToString());
            NoteEndedByForce();
            TellAll(RestartedFailure(CallOutcome.Unknown));
            HandBackWaiting();
            if (_isPermanent)
            {
                AskToComeBack();
            }
        }

        Abandon();
    }

    /// <summary>A defect of ours, or an exception that user code has no business to throw, got out of <see cref="Receive"/>. All who wait are told, and nothing of this process goes on.</summary>
    public void Collapse(Exception error)
    {
        LogCollapsed(Log, ServerType.Name, Key, error);
        TellAll(RestartedFailure(CallOutcome.Unknown));
        RefuseWaiting(RestartedFailure());
        _endReason = LifecycleReason.Error;
        Abandon();
        if (_isPermanent)
        {
            if (_stopReceived)
            {
                AskToComeBack();
            }
            else
            {
                ServerType.RecoverLater(Key);
            }
        }

        if (_stopReceived)
        {
            // For the actor's next instance, which knows nothing of it.
            Host.Post(StopServer.Instance);
        }
    }

    // All but those whose messages were not taken yet.
    private void TellAll(CallFailure failure)
    {
        FailGate(failure);
        FailUnanswered(failure);
        AnswerStoppers(failure);
        if (_caller is { } from && from.Call.TryAnswer())
        {
            from.Sender.Tell(new ReplyEnvelope(from.Call.CorrelationId, null, failure), Self);
        }
    }

    private void OnSignal(Signal signal)
    {
        switch (signal)
        {
            case ClaimEnded claim:
                OnClaimEnded(claim.Result, claim.Term, claim.Error);
                break;
            case LeaseChanged:
                _isWatchingLease = false;
                break;
            case SaveEnded save:
                var (outcome, failure, trace) = (save.Outcome, save.Error, save.Trace);
                ServerType.Node.Metrics.SaveEnded(save.Began, ServerType.Name, failure);
                save.GiveBack();
                OnSaveEnded(outcome, failure, trace);
                break;
            case TurnEnded turn:
                _turn = null;
                OnTurnEnded(turn.Turn, turn.Result, turn.Error);
                break;
            case TerminateEnded terminate:
                OnTerminateEnded(terminate.Turn, terminate.State, terminate.Error);
                break;
            case AfterTerminateEnded:
                Finish();
                break;
            case DormantEnded:
                OnDormantEnded();
                break;
            case MoveEnded move:
                OnMoveEnded(move);
                break;
            case SaveDue:
                OnSaveDue();
                break;
            case IdleElapsed idle:
                OnIdleElapsed(idle);
                break;
            case GatedOutput gated:
                OnGatedCall(gated.Output);
                break;
            case LateReply late:
                OnLateReply(late);
                break;
        }

        Pump();
    }

    // Handles what waits, one message after the other, as long as the phase allows.
    private void Pump()
    {
        while (_turn is null)
        {
            if (_phase == Phase.Running)
            {
                if (_stopReceived)
                {
                    BeginStop(StopReason.Shutdown);
                }
                else if (Hold.IsHeld)
                {
                    BeginHeldStop();
                }
                else if ((_continue is not null || Backlog > 0) && !MayHandle())
                {
                    return;
                }
                else if (TakeContinue(out var step))
                {
                    RunContinue(step);
                }
                else if (_waiting is not null && _waiting.TryDequeue(out var waiting))
                {
                    Handle(waiting.Message, waiting.Sender);
                }
                else
                {
                    // Idle servers keep no room for messages; a busy one gets it anew for many messages at a time.
                    _waiting = null;
                    return;
                }
            }
            else if (_phase == Phase.Dormant && _waiting is not null && _waiting.TryPeek(out var first))
            {
                WakeUp(first);
            }
            else
            {
                return;
            }
        }
    }

    private bool TryEnqueue(object message, IActorRef sender)
    {
        // Ticks and notes to itself are few, and a refused tick would be a periodic timer's last.
        if (Backlog >= ServerType.Options.MaxWaitingMessages && message is not (TimerFired or StateSaved))
        {
            Refuse(message, sender, new CallFailure(
                FailureKind.Overloaded,
                $"{Id} has {Backlog} messages waiting, as many as DurableServerOptions.MaxWaitingMessages allows."));
            return false;
        }

        (_waiting ??= new()).Enqueue(new(message, sender));
        if (_phase == Phase.Held)
        {
            TellHeld(message, sender);
        }

        return true;
    }

    // Answers a message that will not be handled.
    private void Refuse(object message, IActorRef sender, CallFailure failure)
    {
        switch (message)
        {
            case CallEnvelope call:
                sender.Tell(new ReplyEnvelope(call.CorrelationId, value: null, failure), Self);
                break;
            case ControlEnvelope control:
                sender.Tell(new ReplyEnvelope(control.CorrelationId, value: null, failure), Self);
                RecoverAfter(control, failure);
                break;
            case CastEnvelope:
                LogCastDropped(Log, ServerType.Name, Key, failure.Message);
                break;
            default:
                LogInfoDropped(Log, ServerType.Name, Key, message.GetType().Name, failure.Message);
                break;
        }
    }

    private void RefuseWaiting(CallFailure failure)
    {
        while (_waiting is not null && _waiting.TryDequeue(out var waiting))
        {
            Refuse(waiting.Message, waiting.Sender, failure);
        }
    }

    private void HandBackWaiting()
    {
        GiveBackHeld();
        while (_waiting is not null && _waiting.TryDequeue(out var waiting))
        {
            if (waiting.Message is ServerEnvelope envelope)
            {
                Host.HandBack(envelope, waiting.Sender);
            }
            else if (waiting.Message is not (TimerFired or StateSaved or IdleTimeout))
            {
                LogInfoDropped(Log, ServerType.Name, Key, waiting.Message.GetType().Name, "the server stopped before it came to it");
            }
        }
    }
}
