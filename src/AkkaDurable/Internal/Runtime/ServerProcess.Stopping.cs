using Akka.Actor;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.State;
using AkkaDurable.Storage;

namespace AkkaDurable.Internal.Runtime;

// Terminating → FinalSaving → AfterTerminating → Stopped.
internal sealed partial class ServerProcess
{
    private StopReason _stopReason = StopReason.Normal;
    // How long a last write waits for room in the store at least, and how long between two tries.
    private static readonly TimeSpan s_lastWritePatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(1);

    private bool _isStopping;
    private FailedStop? _stopFailure;

    // What follows the final save; null when there is nothing but the end.
    private Action? _afterSave;
    private object? _finalState;
    private LastWrite? _lastWrite;
    private List<(ControlEnvelope Control, IActorRef Sender)>? _stoppers;

    private void OnStopReceived()
    {
        CloseShortcut();
        switch (_phase)
        {
            case Phase.Dormant or Phase.Stopped or Phase.AwaitingMove or Phase.Held:
                LeaveHold();
                _phase = Phase.Stopped;
                EndStopped();
                break;
            case Phase.Running:
                Pump();
                break;
            case Phase.BackingOff:
                EndBackingOff(EndUnfinished);
                break;
        }
    }

    private void OnPassivate(PassivateServer passivate)
    {
        var isIdle = _phase == Phase.Running && !_isPermanent && _turn is null && Backlog == 0 && _unanswered is null or { Count: 0 } && !_loop!.IsSaving;
        if (isIdle && (passivate.Evict || !_instance!.Context.HasTimers))
        {
            RequestStop();
        }
        else
        {
            // Busy: it may be asked again.
            IsLeaving = false;
        }
    }

    private void BeginStop(StopReason reason)
    {
        _stopReason = reason;
        _isStopping = true;
        _phase = Phase.Terminating;
        CancelIdleTimer();
        CancelSaveTimer();
        ServerType.Activations.Remove(this);
        ServerType.Node.Stop.Leaving(this);
        if (reason.Exception is { } error)
        {
            LogStoppedByError(Log, ServerType.Name, Key, error);
            ContinueStop();
            return;
        }

        var turn = NewTurn("terminate", StopperOrigin);
        _turn = turn;
        Turn.Enter(turn);
        _ = RunTerminate(_instance!.Server, reason, _loop!.State, turn, _incarnation);
        Leave(turn);
    }

    private async Task RunTerminate(DurableServer server, StopReason reason, object state, Turn turn, int incarnation)
    {
        TerminateEnded ended;
        try
        {
            ended = new(incarnation, turn, await server.OnTerminate(reason, state).ConfigureAwait(false), null);
        }
        catch (Exception exception)
        {
            ended = new(incarnation, turn, null, exception);
        }

        turn.EndIfVoid();
        Host.Post(ended);
    }

    private void OnTerminateEnded(Turn turn, object? state, Exception? error)
    {
        _turn = null;
        if (_phase == Phase.Draining)
        {
            // A save failed meanwhile: there is nothing left to stop in order.
            DiscardOutbox(turn.Close());
            ContinueRestart();
            return;
        }

        if (error is not null || state is null)
        {
            // The state from before it is as good as ever.
            LogTerminateFailed(Log, ServerType.Name, Key, error);
            turn.Failed(error ?? new InvalidOperationException("Terminate returned null."));
            DiscardOutbox(turn.Close());
        }
        else
        {
            foreach (var output in turn.Close() ?? [])
            {
                _loop!.EmitFinally(output);
            }

            try
            {
                _loop!.Accept(state, save: true);
                NoteUnsaved(turn);
            }
            catch (StateWriteException exception)
            {
                // Told when the save under way has ended, which may yet bring good news to others.
                _stopFailure = new(WriteFailure(exception), exception);
            }
        }

        ContinueStop();
    }

    private void ContinueStop()
    {
        if (_turn is not null || _loop!.IsSaving)
        {
            return;
        }

        if (_stopFailure is { } failed)
        {
            FailStop(failed.Failure, failed.Error);
            return;
        }

        _phase = Phase.FinalSaving;
        if (_stopReason.Status == ServerStatus.Deleting)
        {
            _finalState = _loop.State;
            _afterSave = RunAfterTerminate;
            BeginLastStore(null);
            return;
        }

        ReadOnlyMemory<byte>? json = null;
        ServerStatus? crashed = null;
        if (_stopReason.Exception is { } error)
        {
            // Ended by an error: nothing of it is kept but the status.
            FailGate(HandlerFailure(error));
            crashed = AddCrash(error);
            _afterSave = crashed == ServerStatus.Crashed && _isPermanent ? Revive : null;
        }
        else
        {
            try
            {
                json = _loop.BeginFinalSave();
            }
            catch (StateWriteException exception)
            {
                FailStop(WriteFailure(exception), exception);
                return;
            }

            _finalState = _loop.State;
            _afterSave = RunAfterTerminate;
        }

        BeginLastStore(_stopReason.Exception is null ? SaveOf(_stopReason.Status, json) : MarkOf(crashed!.Value));
    }

    // A save, or null for the delete.
    private void BeginLastStore(SaveRequest? request)
    {
        _lastWrite = new LastWrite(request, Time.GetTimestamp()) { IsDue = true };
        StoreLastAgain();
    }

    private void StoreLastAgain()
    {
        if (_lastWrite is not { IsDue: true } write)
        {
            return;
        }

        write.IsDue = false;
        if (write.Request is { } request)
        {
            BeginStore(request);
        }
        else
        {
            BeginDelete();
        }
    }

    // When a node stops, all its servers have something to write at the same moment, more than the store lets wait. Nothing was written of what it refused, and after this nobody would.
    private bool TryStoreLastLater(Exception error)
    {
        if (error is not StoreUnavailableException { IsOverloaded: true } || _lastWrite is not { } write || Time.GetElapsedTime(write.Began) >= (ServerType.Node.Stop.Budget > s_lastWritePatience ? ServerType.Node.Stop.Budget : s_lastWritePatience))
        {
            return false;
        }

        var incarnation = _incarnation;
        write.IsDue = true;
        _saveTimer = Time.CreateTimer(_ => Host.Post(new SaveDue(incarnation)), null, write.Pause, Timeout.InfiniteTimeSpan);
        write.Pause = write.Pause * 2 > s_longestPause ? s_longestPause : write.Pause * 2;
        return true;
    }

    private void OnFinalSaveEnded(SaveOutcome outcome, Exception? error)
    {
        if (error is not null && TryStoreLastLater(error))
        {
            return;
        }

        if (error is not null)
        {
            FailStop(SaveFailure("final state", error), error);
        }
        else if (outcome == SaveOutcome.Conflict)
        {
            LogOwnershipLost(Log, ServerType.Name, Key, _token.Epoch);
            ServerType.Node.Stop.Unsaved(this, UnsavedReason.OwnershipLost, "another node had claimed it");
            Retire();
        }
        else
        {
            _revision++;
            _isEndStored = true;
            ServerType.Node.Stop.Saved(this);
            if (_stopReason.Status == ServerStatus.Deleting && _calls is not null)
            {
                // Its record is gone, and with it what it told of these.
                (_answered ??= new()).OfDeleted = _calls;
            }

            _loop?.Settle();
            while (_loop is not null && _loop.TryDrop(out var output))
            {
                output.Send();
            }

            if (_afterSave is { } next)
            {
                next();
            }
            else
            {
                Finish();
            }
        }
    }

    private void FailStop(CallFailure failure, Exception error)
    {
        LogFinalSaveFailed(Log, ServerType.Name, Key, error);
        _endReason = LifecycleReason.Error;
        ServerType.Node.Stop.Unsaved(this, UnsavedReason.SaveFailed, failure.Message);
        FailGate(failure);
        AnswerStoppers(failure);
        Finish();
    }

    private void RunAfterTerminate()
    {
        _afterSave = null;
        _phase = Phase.AfterTerminating;
        _ = Run(this, _instance!.Server, _stopReason, _finalState!, _incarnation);

        static async Task Run(ServerProcess process, DurableServer server, StopReason reason, object state, int incarnation)
        {
            try
            {
                await server.OnAfterTerminate(reason, state).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                LogAfterTerminateFailed(process.Log, process.ServerType.Name, process.Key, exception);
            }

            process.Host.Post(new AfterTerminateEnded(incarnation));
        }
    }

    private void Finish()
    {
        FailUnanswered(new CallFailure(FailureKind.Stopping, $"{Id} stopped ({_stopReason.Name}) without a reply.") { Outcome = CallOutcome.Unknown });
        AnswerStoppers(failure: null);
        Release();
        _comesBack |= _stopReceived && _isPermanent && _stopReason == StopReason.Shutdown;
        _phase = Phase.Stopped;
        EndStopped();
    }

    private void AnswerStoppers(CallFailure? failure)
    {
        foreach (var (control, sender) in _stoppers ?? [])
        {
            sender.Tell(new ReplyEnvelope(control.CorrelationId, failure is null, failure), Self);
        }

        _stoppers = null;
    }

    // Stopped: what comes now is for the next incarnation. Nothing more comes once the shard has sent its stop message and the shortcut is empty.
    private void EndStopped()
    {
        if (_stopReceived)
        {
            if (_leftShortcut is not null)
            {
                return;
            }

            HandBackWaiting();
            if (_comesBack || (_isPermanent && !_isEndStored))
            {
                AskToComeBack();
            }

            CloseLateReplies();
            LeaveAnswered();
            Host.Stop();
        }
        else
        {
            if (_isPermanent && !_isEndStored)
            {
                _isEndStored = true;
                ServerType.RecoverLater(Key);
            }

            RequestStop();
        }
    }

    // Lets go of the incarnation: its instance, its timers, its place in the node's table.
    private void Release()
    {
        CancelIdleTimer();
        CancelSaveTimer();
        ServerType.Activations.Remove(this);
        NoteEnd();
        ServerType.Node.Stop.Left(this);
        LeaveHold();
        if (_isIn)
        {
            _isIn = false;
            ServerType.Node.Room.Leave(ServerType.Name);
            Hold.NoteLeft();
        }

        _instance?.Release();
        _instance = null;
        _isStopping = false;
        _stopFailure = null;
        _loop = null;
        _continue = null;
        _caller = null;
        _meta = null;
        _finalState = null;
        _lastWrite = null;
        _crashing = null;
        _savesPermanent = false;
        _calls = null;
        _isWatchingLease = false;
    }

    private sealed record FailedStop(CallFailure Failure, Exception Error);

    private sealed class LastWrite(SaveRequest? request, long began)
    {
        public SaveRequest? Request { get; } = request;

        public long Began { get; } = began;

        public bool IsDue { get; set; }

        public TimeSpan Pause { get; set; } = s_firstPause;
    }
}
