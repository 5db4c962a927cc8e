using System.Text.Json;
using Akka.Actor;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Calls.Recent;
using AkkaDurable.Internal.Healing;
using AkkaDurable.Internal.Leases;
using AkkaDurable.Internal.State;
using AkkaDurable.Storage;

namespace AkkaDurable.Internal.Runtime;

// Dormant → Claiming → Initialising → Running.
internal sealed partial class ServerProcess
{
    private static int s_incarnations;

    private ServerInstance? _instance;
    private ServerLoop? _loop;
    private ClaimToken _token;
    private long _revision;
    private object? _givenState;
    private bool _explicitStart;
    private bool _isRestart;
    private ServerStatus? _pendingMark;

    // Whether it counts among its node's servers.
    private bool _isIn;
    private StartOutcome _startOutcome;

    // Decides by the first message whether a start is needed at all. The message stays in the queue until then.
    private void WakeUp(Waiting first)
    {
        if (first.Message is ControlEnvelope { Verb: ControlVerb.Info or ControlVerb.IsRunning or ControlVerb.Stop or ControlVerb.Delete or ControlVerb.StopPermanently or ControlVerb.Cordon or ControlVerb.Uncordon } control)
        {
            _waiting!.Dequeue();
            RunDormant(control, first.Sender);
            return;
        }

        if (first.Message is ControlEnvelope { Verb: ControlVerb.Recover } recover && ServerType.Breaker.OpenFor is { Ticks: > 0 } pause)
        {
            _waiting!.Dequeue();
            if (recover.CorrelationId == 0)
            {
                ServerType.RecoverLater(Key);
            }

            Refuse(recover, first.Sender, new CallFailure(FailureKind.Crashed, $"Servers of the type '{ServerType.Name}' crashed one after the other on {ServerType.Node.Address}; for {pause} it starts none that nobody asked for."));
            LeaveIfIdle();
            return;
        }

        if (first.Message is not ServerEnvelope)
        {
            // A stray timer or a message of a plain actor to a server that has not run yet: nothing that would start it.
            _waiting!.Dequeue();
            LogInfoDropped(Log, ServerType.Name, Key, first.Message.GetType().Name, "the server does not run");
            LeaveIfIdle();
            return;
        }

        if (first.Message is CallEnvelope call && (call.IsAnswered || TryAnswerPast(call, first.Sender)))
        {
            _waiting!.Dequeue();
            LeaveIfIdle();
            return;
        }

        _isRestart = false;
        _explicitStart = first.Message is ControlEnvelope { Verb: not ControlVerb.Recover };
        _givenState = null;
        if (first.Message is ControlEnvelope { InitialState: not null } start && !TryReadGivenState(start, first.Sender))
        {
            _waiting!.Dequeue();
            LeaveIfIdle();
            return;
        }

        Claim();
    }

    // What woke the actor up started nothing.
    private void LeaveIfIdle()
    {
        if (Backlog == 0)
        {
            _phase = Phase.Stopped;
            EndStopped();
        }
    }

    private bool TryReadGivenState(ControlEnvelope start, IActorRef sender)
    {
        var type = ServerType.States.StateType;
        try
        {
            _givenState = start.InitialState is EncodedPayload encoded
                ? Payloads.Read(encoded.Json, type, ServerType.Json, ServerType.Codec) ?? throw new JsonException("It is null.")
                : start.InitialState!;
        }
        catch (Exception exception)
        {
            Refuse(start, sender, new CallFailure(FailureKind.MessageRejected, $"The initial state for {Id} cannot be read as {type.Name}: {exception.Message}") { Cause = exception });
            return false;
        }

        if (type.IsInstanceOfType(_givenState))
        {
            return true;
        }

        Refuse(start, sender, new CallFailure(FailureKind.MessageRejected, $"The initial state for {Id} is a {_givenState.GetType().Name}; {ServerType.ImplementationType.Name} has a {type.Name}."));
        return false;
    }

    private void Claim()
    {
        _phase = Phase.Claiming;
        _hasHandled = false;
        _incarnation = NextIncarnation();
        if (!_isIn && ServerType.Node.Room.TryEnter(ServerType.Name) is { } full)
        {
            GiveUp(new CallFailure(FailureKind.CapacityExceeded, $"{Id} could not be started on {ServerType.Node.Address}: {full}."));
            return;
        }

        _isIn = true;
        if (IsHeldBack())
        {
            return;
        }

        try
        {
            _instance = ServerType.CreateInstance(this, _incarnation);
        }
        catch (Exception exception)
        {
            LogInitFailed(Log, ServerType.Name, Key, exception);
            GiveUp(InitFailure(exception));
            return;
        }

        BeginClaim(_explicitStart, ServerType.States.VersionOf(_instance.Server));
    }

    private void OnClaimEnded(ClaimResult? claim, LeaseTerm? term, Exception? error)
    {
        if (_phase == Phase.Reclaiming)
        {
            OnReclaimEnded(claim, term, error);
            return;
        }

        if (claim is null)
        {
            LogClaimFailed(Log, ServerType.Name, Key, error!);
            GiveUp(new CallFailure(FailureKind.StoreUnavailable, $"{Id} could not be started because the state store is not available: {error!.Message}") { Cause = error });
            return;
        }

        if (claim.IsHeld)
        {
            GiveUp(HeldFailure(claim.Record));
            return;
        }

        if (!claim.Granted)
        {
            if (!TryMoveToNewer(claim.Record))
            {
                RefuseUpToStart(Refusal(claim.Record));
            }

            return;
        }

        _term = term!;
        _createdAt = claim.Record.CreatedAt.UtcTicks;
        _token = claim.Record.Token;
        _revision = claim.Record.Revision;
        TakeLifeOf(claim.Record);
        if (claim.PreviousStatus is null && !_isRestart && _waiting?.AreAll(ControlVerb.Recover) == true)
        {
            LeaveDeleted();
        }
        else if (!TryBackOff(claim))
        {
            Load(claim.Record);
        }
    }

    // What was to be recovered was deleted before it came to that: it must not come back as a new one. The record that the claim made goes again.
    private void LeaveDeleted()
    {
        _isPermanent = false;
        RefuseWaiting(new CallFailure(FailureKind.Stopped, $"{Id} was deleted."));
        _phase = Phase.FinalSaving;
        _afterSave = null;
        BeginLastStore(null);
    }

    private void Load(StoredServer record)
    {
        if (TryLoad(record))
        {
            _phase = Phase.Initialising;
            RunTurn(TurnKind.Init, ServerType.Name, WaitingOrigin);
        }
    }

    private bool TryLoad(StoredServer record)
    {
        var (server, states, policy) = (_instance!.Server, ServerType.States, ServerType.Options.Save);
        if (record.State is { } json)
        {
            object state;
            try
            {
                state = states.Read(server, record.StateVersion, json);
                _calls = record.RecentCalls.IsEmpty ? null : RecentCallsFormat.Read(record.RecentCalls, ServerType.CallLimits);
            }
            catch (Exception exception)
            {
                LogLoadFailed(Log, ServerType.Name, Key, record.StateVersion, exception);
                MarkCrashed(exception, exception is NotSupportedException && record.StateVersion != states.VersionOf(server)
                    ? VersionFailure(record, exception.Message)
                    : new CallFailure(FailureKind.StateCorrupt, $"The stored state of {Id} (version {record.StateVersion}, revision {record.Revision}) cannot be read; it was left as it is. {exception.GetType().Name}: {exception.Message}") { Cause = exception });
                return false;
            }

            _startOutcome = StartOutcome.Resumed;
            _loop = ServerLoop.FromStored(states, policy, server, state, json, record.StateVersion);
            return true;
        }

        _startOutcome = StartOutcome.Created;
        try
        {
            _loop = _givenState is not null
                ? ServerLoop.FromGiven(states, policy, server, _givenState)
                : ServerLoop.FromInitial(states, policy, server, server.CreateInitialState());
        }
        catch (Exception exception)
        {
            LogInitFailed(Log, ServerType.Name, Key, exception);
            MarkCrashed(exception, exception is StateWriteException write ? WriteFailure(write) : InitFailure(exception));
            return false;
        }

        return true;
    }

    // Init has returned; see OnTurnEnded.
    private void OnInitEnded(Turn turn, in HandlerResult result, Exception? error)
    {
        if (error is not null)
        {
            LogInitFailed(Log, ServerType.Name, Key, error);
            turn.Failed(error);
            DiscardOutbox(turn.Close());
            MarkCrashed(error, InitFailure(error));
            return;
        }

        if (result.Kind == ResultKind.Ignore)
        {
            // Nor is it to be started again by itself, only to be asked again by its next message.
            DiscardOutbox(turn.Close());
            _isPermanent = false;
            MarkStatus(ServerStatus.StoppedGraceful, new CallFailure(FailureKind.Ignored, $"{Id} does not want to run: its Init returned Ignore."));
            return;
        }

        _phase = Phase.Running;
        SettlePermanence(result);
        ServerType.Activations.Add(this, Time);
        NoteStarted();
        AnswerStarter(turn);
        var isSaved = _givenState is not null || PermanenceToSave is not null;
        _givenState = null;
        FinishTurn(turn, isSaved ? result.WithSave() : result);
    }

    // The start that brought the server up is answered like a call of Init: once the state is stored. Others that wait find it running when their turn comes.
    private void AnswerStarter(Turn turn)
    {
        if (!_isRestart && _waiting is not null && _waiting.TryPeek(out var first) && first.Message is ControlEnvelope { Verb: ControlVerb.Start or ControlVerb.EnsureStarted or ControlVerb.Recover } control)
        {
            _waiting.Dequeue();
            turn.TryAdd(new Output(first.Sender, new ReplyEnvelope(control.CorrelationId, _startOutcome), Self));
        }
    }

    // What was refused to a message may be granted to a start that waits behind it, and is nothing to those who ask the runtime for something else.
    private void RefuseUpToStart(CallFailure failure)
    {
        while (_waiting is not null && _waiting.TryPeek(out var waiting))
        {
            var isRefused = waiting.Message is not ControlEnvelope { Verb: var verb } || (verb is ControlVerb.Start or ControlVerb.EnsureStarted ? _explicitStart : verb == ControlVerb.Recover);
            if (!isRefused)
            {
                Release();
                _phase = Phase.Dormant;
                return;
            }

            _waiting.Dequeue();
            Refuse(waiting.Message, waiting.Sender, failure);
        }

        GiveUp(failure);
    }

    // Stops without having run: whatever waits gets the reason.
    private void GiveUp(CallFailure failure)
    {
        // Of what Init had begun, such as a save, nobody wants to know the end.
        _incarnation = NextIncarnation();
        RefuseWaiting(failure);
        Release();
        _phase = Phase.Stopped;
        EndStopped();
    }

    // Writes down why a claimed server does not run, then gives up. If that cannot be written the claim simply stands.
    private void MarkStatus(ServerStatus status, CallFailure failure)
    {
        RefuseWaiting(failure);
        FailGate(failure);
        _afterSave = null;
        if (_loop?.IsSaving == true)
        {
            // Init called somebody, which had the given state saved first. Saves come one after the other.
            _pendingMark = status;
            return;
        }

        _phase = Phase.FinalSaving;
        BeginLastStore(MarkOf(status));
    }

    // It could not even start, for a reason of its own.
    private void MarkCrashed(Exception error, CallFailure failure)
    {
        if (!IsCrash(error))
        {
            GiveUp(failure);
            return;
        }

        var status = AddCrash(error);
        MarkStatus(status, failure);
        _afterSave = status == ServerStatus.Crashed && _isPermanent ? Revive : null;
    }

    // The save that Init had begun has ended, well or not.
    private void MarkPendingStatus(ServerStatus status, bool isOwner)
    {
        _pendingMark = null;
        if (isOwner)
        {
            _revision++;
            _phase = Phase.FinalSaving;
            BeginLastStore(MarkOf(status));
        }
        else
        {
            Finish();
        }
    }

    private CallFailure InitFailure(Exception exception) =>
        new(FailureKind.InitFailed, $"{Id} could not be started: {exception.GetType().Name}: {exception.Message}") { Cause = exception };

    private CallFailure Refusal(StoredServer record) => record.Status switch
    {
        ServerStatus.StoppedPermanent => new(FailureKind.Stopped, $"{Id} was stopped for good. StartAsync starts it again."),
        ServerStatus.PermanentlyCrashed => CrashedFailure(CrashHistory.Read(record.Crashes).Crashes),
        ServerStatus.Cordoned => new(FailureKind.Cordoned, $"{Id} is cordoned. UncordonAsync takes the cordon off."),
        ServerStatus.Deleting => new(FailureKind.Stopped, $"{Id} is being deleted."),
        _ => VersionFailure(record, $"The stored state has version {record.StateVersion}, which is newer than this code's."),
    };

    private CallFailure HeldFailure(StoredServer record) =>
        new(FailureKind.OwnershipLost, $"{Id} belongs to {record.Owner}, and this node, which was cut off or silent, does not take it away.");

    private CallFailure VersionFailure(StoredServer record, string why)
    {
        var codeVersion = ServerType.States.VersionOf(_instance!.Server);
        return new(FailureKind.StateVersion, $"{Id} cannot be loaded at version {codeVersion}; its record was left as it is. {why}")
        {
            Actual = record.StateVersion,
            Expected = codeVersion,
        };
    }

    // Unique in the process: what a lost incarnation had under way must not be taken for something of its successor's.
    private static int NextIncarnation() => Interlocked.Increment(ref s_incarnations);
}
