using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Healing;
using AkkaDurable.Storage;

namespace AkkaDurable.Internal.Runtime;

// Crashes: noted with the record, counted against the server's budget, and followed by a restart that may have to wait. Permanent servers come back by themselves.
internal sealed partial class ServerProcess
{
    // Null as long as the server has not crashed lately, as most have not.
    private Crashing? _crashing;

    // Runs always. Known from the claim on; Init may say otherwise.
    private bool _isPermanent;
    private bool _isStoredPermanent;
    private bool _savesPermanent;

    // Handed over: to be started again where the shard goes.
    private bool _comesBack;

    // Whether the store tells that it does not run here any more. If not, the recovery director takes it for running.
    private bool _isEndStored;

    public override bool Stays => _isPermanent;

    private CrashBudget Budget => ServerType.Budget;

    private CrashHistory Crashes => _crashing?.History ?? CrashHistory.Empty;

    // What is to be stored of the flag; null when that is stored already.
    private bool? PermanenceToSave => _isPermanent == _isStoredPermanent ? null : _isPermanent;

    // What has to be written although the state may be as it was.
    private bool HasMoreToSave => _calls?.HasChanged == true || _isPermanent != _isStoredPermanent;

    private static bool IsCrash(Exception error) => error is not StoreUnavailableException;

    // To be called as the error is met; it is written when the server drains.
    private void NoteCrash(Exception error)
    {
        if (IsCrash(error))
        {
            (_crashing ??= new()).Error = error;
        }
    }

    // The claim is granted: what the record tells of the server's life so far.
    private void TakeLifeOf(StoredServer record)
    {
        _isStoredPermanent = record.IsPermanent;
        _isPermanent = record.IsPermanent || ServerType.Options.Permanent;
        _comesBack = false;
        _isEndStored = false;
        _crashing = record.Crashes.IsEmpty ? null : new() { History = CrashHistory.Read(record.Crashes) };
    }

    // Init has said what it has to say.
    private void SettlePermanence(in HandlerResult result)
    {
        _isPermanent = result.Modifiers?.Permanent ?? ServerType.Options.Permanent;
        if (_isPermanent != _isStoredPermanent)
        {
            _loop!.WantSaveEvenUnchanged();
        }
    }

    // A save that was begun with the flag has ended well.
    private void PermanenceSaved()
    {
        if (_savesPermanent)
        {
            _isStoredPermanent = _isPermanent;
            _savesPermanent = false;
        }
    }

    // Adds a crash to the history.
    private ServerStatus AddCrash(Exception error)
    {
        var now = Time.GetUtcNow();
        var crashing = _crashing ??= new();
        crashing.Error = null;
        ServerType.Node.Metrics.Crashed(ServerType.Name, error);
        crashing.History = crashing.History.Add(now, error, ServerType.Node.Address, Budget);
        if (ServerType.Breaker.Note())
        {
            LogRestartsPaused(Log, ServerType.Name, ServerType.Breaker.OpenFor);
        }

        _endReason = LifecycleReason.Error;
        if (!Budget.IsSpent(crashing.History, now))
        {
            return ServerStatus.Crashed;
        }

        _endReason = LifecycleReason.PermanentlyCrashed;
        LogCrashedForGood(Log, ServerType.Name, Key, crashing.History.Crashes.Count, Budget.Window);
        return ServerStatus.PermanentlyCrashed;
    }

    // Writes only the status, and what belongs to it.
    private SaveRequest MarkOf(ServerStatus status) => new(Id, _token, _revision, status, 0, null)
    {
        Crashes = status is ServerStatus.Crashed or ServerStatus.PermanentlyCrashed ? Crashes.Write() : null,
        IsPermanent = PermanenceToSave,
        Hint = this,
    };

    // All is told that had to be, and nothing of the crashed incarnation goes on: its crash is written down before it is started again.
    private void BeginCrashSave(Exception error)
    {
        _phase = Phase.CrashSaving;
        BeginStore(MarkOf(AddCrash(error)));
    }

    private void OnCrashSaved(SaveOutcome outcome, Exception? error)
    {
        if (error is null && outcome == SaveOutcome.Conflict)
        {
            LogOwnershipLost(Log, ServerType.Name, Key, _token.Epoch);
            Retire();
            return;
        }

        _isEndStored = error is null;
        if (error is not null)
        {
            // What the store could not take down is not held against the server.
            LogSaveFailed(Log, ServerType.Name, Key, error);
        }
        else if (Budget.IsSpent(Crashes, Time.GetUtcNow()))
        {
            GiveUpUpToStart(CrashedFailure(Crashes.Crashes));
            return;
        }

        if (_stopReceived || _isStopping)
        {
            _comesBack |= _stopReceived && _isPermanent;
            EndUnfinished();
        }
        else if (error is null && Backlog == 0 && ServerType.Breaker.IsOpen)
        {
            // A permanent one is started by the recovery director later on, others by their next message.
            EndUnfinished();
        }
        else
        {
            StartAgain();
        }
    }

    private void StartAgain()
    {
        Release();
        _isRestart = true;
        _explicitStart = false;
        _givenState = null;
        _stopReason = StopReason.Normal;
        Claim();
    }

    // It ended by a crash that is written down, and nobody asked for another start; a permanent server starts all the same.
    private void Revive()
    {
        FailUnanswered(RestartedFailure(CallOutcome.Unknown));
        AnswerStoppers(failure: null);
        if (_stopReceived)
        {
            _comesBack = true;
            EndUnfinished();
        }
        else if (ServerType.Breaker.IsOpen)
        {
            EndUnfinished();
        }
        else
        {
            StartAgain();
        }
    }

    // Held by the region until the shard has its new home. Not while the node leaves: the region would wait for that home before it stops, and there may be none. The recovery director, which looks often then, does it.
    private void AskToComeBack()
    {
        if (!ServerType.Node.Stop.HasBegun)
        {
            Host.HandBack(new ControlEnvelope(ServerType.Name, Key, 0, ControlVerb.Recover), Akka.Actor.ActorRefs.Nobody);
        }
    }

    // A recovery that nobody waits for could not be granted now. The store may tell that the server runs, so the recovery director would not see to it.
    private void RecoverAfter(ControlEnvelope control, CallFailure failure)
    {
        var mayBeGranted = failure.Kind is FailureKind.StoreUnavailable or FailureKind.Overloaded or FailureKind.CapacityExceeded or FailureKind.OwnershipLost or FailureKind.InitFailed;
        if (control is { Verb: ControlVerb.Recover, CorrelationId: 0 } && mayBeGranted)
        {
            ServerType.RecoverLater(Key);
        }
    }

    private void EndUnfinished()
    {
        NotePermanent();
        Release();
        _phase = Phase.Stopped;
        EndStopped();
    }

    // Claimed, but it is too early to run: the record waits with what else waits.
    private bool TryBackOff(ClaimResult claim)
    {
        if (_explicitStart || claim.PreviousStatus != ServerStatus.Crashed || Budget.DelayBefore(Crashes, Time.GetUtcNow()) is not { Ticks: > 0 } delay)
        {
            return false;
        }

        _phase = Phase.BackingOff;
        _crashing!.Claimed = claim.Record;
        LogBackingOff(Log, ServerType.Name, Key, delay);
        var incarnation = _incarnation;
        _saveTimer = Time.CreateTimer(_ => Host.Post(new SaveDue(incarnation)), null, delay, Timeout.InfiniteTimeSpan);
        if (JoinHold() || _stopReceived)
        {
            EndBackingOff(EndUnfinished);
        }
        else
        {
            TakeWaitingControls();
        }

        return true;
    }

    private void RunBackedOff()
    {
        CancelSaveTimer();
        var record = _crashing!.Claimed!;
        _crashing.Claimed = null;
        if (_term.IsFresh)
        {
            Load(record);
        }
        else
        {
            // The lease ran out while it waited: the record may have had another owner since.
            _phase = Phase.Claiming;
            BeginClaim(_explicitStart, ServerType.States.VersionOf(_instance!.Server));
        }
    }

    // What is asked of the runtime does not wait behind calls, which wait for the server.
    private void OnControlWhileBackingOff(Waiting waiting)
    {
        var (control, sender) = ((ControlEnvelope)waiting.Message, waiting.Sender);
        switch (control.Verb)
        {
            case ControlVerb.Info:
                sender.Tell(new ReplyEnvelope(control.CorrelationId, ServerDirectory.InfoOf(_crashing!.Claimed! with { Status = ServerStatus.Crashed }, isRunning: false)), Self);
                break;
            case ControlVerb.IsRunning:
                sender.Tell(new ReplyEnvelope(control.CorrelationId, false), Self);
                break;
            case ControlVerb.Recover:
                sender.Tell(new ReplyEnvelope(control.CorrelationId, StartOutcome.AlreadyRunning), Self);
                break;
            case ControlVerb.Start or ControlVerb.EnsureStarted:
                if (control.InitialState is not null && !TryReadGivenState(control, sender))
                {
                    break;
                }

                (_waiting ??= new()).EnqueueFirst(waiting);
                _explicitStart = true;
                _isRestart = false;
                RunBackedOff();
                break;
            default:
                (_waiting ??= new()).EnqueueFirst(waiting);
                EndBackingOff(() =>
                {
                    Release();
                    _phase = Phase.Dormant;
                });
                break;
        }
    }

    // Queries are answered; the first that changes something decides what becomes of the wait, and those behind it have to see.
    private void TakeWaitingControls()
    {
        Waiting? decisive = null;
        for (var count = Backlog; count > 0; count--)
        {
            var waiting = _waiting!.Dequeue();
            if (decisive is not null || waiting.Message is not ControlEnvelope control)
            {
                _waiting.Enqueue(waiting);
            }
            else if (control.Verb is ControlVerb.Info or ControlVerb.IsRunning or ControlVerb.Recover)
            {
                OnControlWhileBackingOff(waiting);
            }
            else
            {
                decisive = waiting;
            }
        }

        if (decisive is { } found)
        {
            OnControlWhileBackingOff(found);
        }
    }

    // Gives the claim back as it was found.
    private void EndBackingOff(Action next)
    {
        CancelSaveTimer();
        _comesBack |= _stopReceived && _isPermanent;
        _phase = Phase.FinalSaving;
        _afterSave = next;
        BeginLastStore(MarkOf(ServerStatus.Crashed));
    }

    // Its budget is spent: whoever waits is told, but for a start on request, which is granted.
    private void GiveUpUpToStart(CallFailure failure)
    {
        _explicitStart = false;
        RefuseUpToStart(failure);
    }

    private CallFailure CrashedFailure(IReadOnlyList<ServerCrash> crashes) =>
        new(FailureKind.Crashed, $"{Id} crashed too often{(crashes.Count > 0 ? $", {crashes.Count} times lately, the last time by {crashes[^1].Reason}" : "")}. StartAsync starts it again.") { Crashes = crashes };

    private sealed class Crashing
    {
        public CrashHistory History { get; set; } = CrashHistory.Empty;

        /// <summary>Not written yet.</summary>
        public Exception? Error { get; set; }

        /// <summary>What was claimed by a server that waits for its restart.</summary>
        public StoredServer? Claimed { get; set; }
    }
}
