using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.State;
using AkkaDurable.Internal.Telemetry;
using AkkaDurable.Storage;

namespace AkkaDurable.Internal.Runtime;

// Saves, the gate, and restarts.
internal sealed partial class ServerProcess
{
    private ITimer? _saveTimer;

    // What a failed save or handler means for those that waited for it; set while the server drains before its restart.
    private CallFailure? _drainFailure;

    private long _hint;

    // The store's, see there.
    long IRecordHint.Value
    {
        get => Volatile.Read(ref _hint);
        set => Volatile.Write(ref _hint, value);
    }

    // Starts the save that is due, if any, and lets out what no longer waits.
    private void Advance()
    {
        if (_phase is not (Phase.Running or Phase.Terminating or Phase.Initialising))
        {
            return;
        }

        ReadOnlyMemory<byte> json;
        bool begun;
        try
        {
            begun = _loop!.TryBeginSave(handlerIsRunning: _turn is not null, out json, evenUnchanged: HasMoreToSave);
        }
        catch (StateWriteException exception)
        {
            LogHandlerFailed(Log, ServerType.Name, Key, "Save", exception);
            var failure = WriteFailure(exception);
            FailGate(failure);
            NoteCrash(exception);
            BeginRestart(failure);
            return;
        }

        ReleaseGate();
        if (begun)
        {
            BeginStore(SaveOf(ServerStatus.Running, json));
        }
        else if (_loop.IsDirty && _saveTimer is null && ServerType.Options.Save.Interval is { } interval)
        {
            SaveAfter(interval, _incarnation);
        }
    }

    // By itself, as this runs with each message and few of them need a closure.
    private void SaveAfter(TimeSpan interval, int incarnation) =>
        _saveTimer = Time.CreateTimer(_ => Host.Post(new SaveDue(incarnation)), null, interval, Timeout.InfiniteTimeSpan);

    private void ReleaseGate()
    {
        while (_loop!.TryRelease(out var output))
        {
            output.Send();
        }
    }

    private void OnSaveDue()
    {
        CancelSaveTimer();
        if (_phase == Phase.FinalSaving)
        {
            StoreLastAgain();
            return;
        }

        if (_phase == Phase.BackingOff)
        {
            RunBackedOff();
            return;
        }

        _loop?.WantSave();
        Advance();
    }

    private void CancelSaveTimer()
    {
        _saveTimer?.Dispose();
        _saveTimer = null;
    }

    private void BeginStore(SaveRequest request)
    {
        var began = ServerType.Node.Metrics.BeginSave();
        var span = Spans.AreWanted ? BeginSaveSpan("save", request.State?.Length) : null;
        ValueTask<SaveOutcome> save;
        try
        {
            save = Store.SaveAsync(request);
        }
        catch (Exception exception)
        {
            save = ValueTask.FromException<SaveOutcome>(exception);
        }

        Leave(span);

        SaveEnded.Await(save, Host, _incarnation, began, span);
    }

    private void BeginDelete()
    {
        var began = ServerType.Node.Metrics.BeginSave();
        var span = Spans.AreWanted ? BeginSaveSpan("delete", size: null) : null;
        ValueTask<SaveOutcome> delete;
        try
        {
            delete = Store.DeleteAsync(Id, _token);
        }
        catch (Exception exception)
        {
            delete = ValueTask.FromException<SaveOutcome>(exception);
        }

        Leave(span);

        SaveEnded.Await(delete, Host, _incarnation, began, span);
    }

    private void OnSaveEnded(SaveOutcome outcome, Exception? error, TraceOrigin? trace)
    {
        if (error is null && outcome == SaveOutcome.Conflict)
        {
            ServerType.Node.Metrics.Conflicted(ServerType.Name);
        }

        if (_phase == Phase.FinalSaving)
        {
            OnFinalSaveEnded(outcome, error);
            return;
        }

        if (_phase == Phase.CrashSaving)
        {
            OnCrashSaved(outcome, error);
            return;
        }

        if (_pendingMark is { } mark)
        {
            MarkPendingStatus(mark, isOwner: error is null && outcome == SaveOutcome.Saved);
            return;
        }

        if (error is not null)
        {
            LogSaveFailed(Log, ServerType.Name, Key, error);
            _loop!.SaveFailed();
            var failure = SaveFailure("state", error);
            FailGate(failure);
            BeginRestart(failure);
        }
        else if (outcome == SaveOutcome.Conflict)
        {
            LogOwnershipLost(Log, ServerType.Name, Key, _token.Epoch);
            _loop!.SaveFailed();
            Retire();
        }
        else
        {
            _revision++;
            PermanenceSaved();
            var saved = _loop!.SaveSucceeded();
            ReleaseGate();
            if (ServerType.HandlesSaved && _phase == Phase.Running)
            {
                (_waiting ??= new()).Enqueue(new(new StateSaved(_incarnation, saved) { Trace = trace }, Self));
            }

            if (_phase == Phase.Draining)
            {
                ContinueRestart();
            }
            else if (_phase == Phase.Terminating && _turn is null)
            {
                ContinueStop();
            }
            else
            {
                Advance();
            }
        }
    }

    private CallFailure SaveFailure(string what, Exception error) => error switch
    {
        StoreUnavailableException { IsOverloaded: true } => new(FailureKind.Overloaded, $"The {what} of {Id} was not saved: {error.Message}") { Cause = error },
        StoreUnavailableException { Outcome: CallOutcome.NotApplied } => new(FailureKind.StoreUnavailable, $"The {what} of {Id} was not saved: {error.Message}") { Cause = error },
        _ => new(FailureKind.SaveFailed, $"The {what} of {Id} could not be saved, and it is not known whether it was written: {error.Message}") { Cause = error },
    };

    // The way back to the stored state: the save under way may still bring good news to some, and a handler that awaits must come to its end, since no two handlers of a server ever run together.
    private void BeginRestart(CallFailure? failure = null)
    {
        _drainFailure = failure ?? _drainFailure;
        _phase = Phase.Draining;
        ContinueRestart();
    }

    private void ContinueRestart()
    {
        if (_loop!.IsSaving || _turn is not null)
        {
            return;
        }

        var failure = _drainFailure ?? RestartedFailure();
        FailGate(failure);
        FailUnanswered(RestartedFailure(CallOutcome.Unknown));
        AnswerStoppers(failure);
        _drainFailure = null;
        if (!_hasHandled)
        {
            // Nothing but the start itself has run: the next message tries again.
            var startFailure = failure with { Message = $"{Id} could not be started: {failure.Message}" };
            if (failure.Kind is FailureKind.Overloaded or FailureKind.StoreUnavailable)
            {
                // Not the server's fault.
                GiveUp(startFailure);
                return;
            }

            startFailure = startFailure with { Kind = FailureKind.InitFailed };
            if (_crashing?.Error is { } error && failure.Kind is not (FailureKind.SaveFailed or FailureKind.OwnershipLost))
            {
                MarkCrashed(error, startFailure);
            }
            else
            {
                // Which revision is stored is not known, or it was the store that failed.
                GiveUp(startFailure);
            }

            return;
        }

        // Of a save that failed nobody knows whether it was written, and so which revision the crash would have to name.
        if (_crashing?.Error is { } crash && failure.Kind != FailureKind.SaveFailed)
        {
            BeginCrashSave(crash);
        }
        else if (_stopReceived || _isStopping)
        {
            _comesBack |= _stopReceived && _isPermanent;
            EndUnfinished();
        }
        else
        {
            StartAgain();
        }
    }

    // Another incarnation owns the record. This one must not save, answer or go on in any way.
    private void Retire()
    {
        var failure = new CallFailure(FailureKind.OwnershipLost, $"{Id} was claimed by another node; this incarnation (epoch {_token.Epoch}) is stale and stops. Nothing was saved.");
        FailGate(failure);
        DiscardOutbox(_turn?.Void());
        if (_caller is { } from && from.Call.TryAnswer())
        {
            from.Sender.Tell(new ReplyEnvelope(from.Call.CorrelationId, null, failure), Self);
        }

        FailUnanswered(RestartedFailure(CallOutcome.Unknown));
        AnswerStoppers(failure);
        _endReason = LifecycleReason.OwnershipLost;
        _incarnation = NextIncarnation();
        _turn = null;
        _isEndStored = true;
        Release();
        _phase = Phase.Stopped;
        EndStopped();
    }
}
