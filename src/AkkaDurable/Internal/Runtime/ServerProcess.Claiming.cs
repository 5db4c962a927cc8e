using System.Diagnostics;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Leases;
using AkkaDurable.Internal.Telemetry;
using AkkaDurable.Storage;

namespace AkkaDurable.Internal.Runtime;

// Claims, and the lease under which they are made: a server handles messages only while it is fresh.
internal sealed partial class ServerProcess
{
    private LeaseTerm _term = LeaseTerm.None;
    private long _createdAt;

    // When the claim was begun; 0: nobody wants to know.
    private long _startBegan;
    private bool _isWatchingLease;

    private void BeginClaim(bool explicitStart, int maxStateVersion)
    {
        var request = new ClaimRequest(Id, 0, ServerType.Node.Address, explicitStart, maxStateVersion) { Region = ServerType.Node.Region, Hint = this };
        _startBegan = ServerType.Node.Metrics.BeginStart();
        if (Spans.AreWanted)
        {
            ClaimTraced(request);
            return;
        }

        _ = RunClaim(request, _incarnation, _startBegan, span: null);
    }

    private async Task RunClaim(ClaimRequest request, int incarnation, long began, Activity? span)
    {
        ClaimEnded ended;
        try
        {
            ended = await ClaimUnderLease(request, incarnation).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            ended = new(incarnation, null, null, exception);
        }

        ServerType.Node.Metrics.ClaimEnded(began, ServerType.Name, ended.Error);
        if (span is not null)
        {
            EndClaimSpan(span, ended);
        }

        Host.Post(ended);
    }

    private async ValueTask<ClaimEnded> ClaimUnderLease(ClaimRequest request, int incarnation)
    {
        while (true)
        {
            var term = await ServerType.Lease.FreshAsync().ConfigureAwait(false);
            var claim = await Store.ClaimAsync(request with { ClaimId = RandomId.Next(), LeaseId = term.Id }).ConfigureAwait(false);

            // Held: its node must first be known to answer no more. Whoever gave up meanwhile must not claim any more: the server may be somewhere else by now.
            var again = claim.IsHeld
                ? await ServerType.Node.Lease.UntilGoneAsync(claim.Record.LeaseId).ConfigureAwait(false)
                : claim.Granted && term.IsLost;
            if (!again || Volatile.Read(ref _incarnation) != incarnation)
            {
                return new(incarnation, claim, term, null);
            }
        }
    }

    // Whether the next message may be handled. If not, this sees to it that the time will come.
    private bool MayHandle()
    {
        if (_term.IsFresh)
        {
            return true;
        }

        if (ServerType.Lease.IsStoreAway)
        {
            RefuseCalls(new CallFailure(FailureKind.StoreUnavailable, $"{Id} cannot answer: the state store has been away for longer than its node's lease lasts."));
            WatchLease();
        }
        else if (_isWatchingLease || !_term.IsLost)
        {
            WatchLease();
        }
        else if (!_loop!.IsSaving)
        {
            // Saves went on until now: they are fenced by the token, and the last one tells which revision is stored.
            _phase = Phase.Reclaiming;
            BeginClaim(explicitStart: false, ServerType.States.VersionOf(_instance!.Server));
        }

        return false;
    }

    private void WatchLease()
    {
        if (!_isWatchingLease)
        {
            _isWatchingLease = true;
            _ = Watch(this, ServerType.Lease.ChangedAsync(), _incarnation);
        }

        static async Task Watch(ServerProcess process, Task changed, int incarnation)
        {
            await changed.ConfigureAwait(false);
            process.Host.Post(new LeaseChanged(incarnation));
        }
    }

    // The lease under which the server was claimed is lost, but perhaps nobody has claimed the server since: then what is in memory is as good as ever.
    private void OnReclaimEnded(ClaimResult? claim, LeaseTerm? term, Exception? error)
    {
        if (claim is null)
        {
            LogClaimFailed(Log, ServerType.Name, Key, error!);
            _phase = Phase.Running;
            RefuseCalls(new CallFailure(FailureKind.StoreUnavailable, $"{Id} cannot answer: its node's lease was lost, and the state store is not available: {error!.Message}") { Cause = error });
            if (error is not StoreUnavailableException)
            {
                BeginRestart();
            }
            else
            {
                // Tried again when something has changed, not at once. A save that fell due meanwhile, or a late reply, would wait for a next message that may never come.
                WatchLease();
                Advance();
            }

            return;
        }

        if (!claim.Granted)
        {
            LogOwnershipLost(Log, ServerType.Name, Key, _token.Epoch);
            Retire();
            return;
        }

        // One claim further and no save, and no other record in its place.
        var isUntouched = claim.Record.Token.Epoch == _token.Epoch + 1 && claim.Record.Revision == _revision && claim.Record.CreatedAt.UtcTicks == _createdAt;
        _phase = Phase.Running;
        if (isUntouched)
        {
            _token = claim.Record.Token;
            _term = term!;
            NoteReclaimed();
            Advance();
            return;
        }

        LogOwnershipLost(Log, ServerType.Name, Key, _token.Epoch);
        _hasHandled = true;
        BeginRestart(new CallFailure(FailureKind.OwnershipLost, $"{Id} was claimed by another node meanwhile and starts again here. Nothing was saved."));
    }

    // Calls are told at once; all else can wait.
    private void RefuseCalls(CallFailure failure)
    {
        for (var count = Backlog; count > 0; count--)
        {
            var waiting = _waiting!.Dequeue();
            if (waiting.Message is CallEnvelope or ControlEnvelope)
            {
                Refuse(waiting.Message, waiting.Sender, failure);
            }
            else
            {
                _waiting.Enqueue(waiting);
            }
        }
    }
}
