using System.Collections.Concurrent;
using AkkaDurable.Storage;
using Microsoft.Extensions.Logging;

namespace AkkaDurable.Internal.Leases;

/// <summary>
/// Keeps this node's lease: renews it, gets a new one when it was taken away, and waits for those of others. The node counts from before it asks for a renewal, on the monotonic clock and the wall clock, so that a
/// process that was paused, or suspended with its machine, knows on waking that its lease has run out.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2213", Justification = "Waits may still look at the source; it holds nothing once it is cancelled.")]
internal sealed partial class NodeLeaseKeeper : INodeLease, IAsyncDisposable
{
    // Three renewals may fail before the lease runs out.
    private const double RenewalShare = 0.3;
    private const double RetryShare = 0.05;

    // A node whose lease was taken away may have been cut off from the cluster without knowing it yet. For so many times to live it takes no lease from others, lest it take one from a healthy node.
    private const int ProbationFactor = 6;

    private readonly IStateStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly string _node;
    private readonly TimeSpan _timeToLive;
    private readonly LeaseObservations _others;
    private readonly Lock _othersGate = new();
    private readonly ConcurrentDictionary<long, Task<bool>> _waits = new();
    private readonly CancellationTokenSource _closing = new();
    private volatile TaskCompletionSource _changed = NewSource();
    private volatile LeaseTerm _term;
    private volatile bool _isStoreAway;
    private volatile bool _isOnProbation;
    private long _probationBegan;
    private Task _running = Task.CompletedTask;

    public NodeLeaseKeeper(IStateStore store, TimeProvider time, ILogger log, string node, TimeSpan timeToLive)
    {
        _store = store;
        _time = time;
        _log = log;
        _node = node;
        _timeToLive = timeToLive;
        _others = new LeaseObservations(time);
        _term = new LeaseTerm(0, time, LeaseDeadline.Past);
        _term.Lose();
    }

    public LeaseTerm Term => _term;

    public bool IsStoreAway => _isStoreAway && !_term.IsFresh;

    /// <summary>Whether the last renewal came to nothing. The lease may be fresh yet.</summary>
    public bool IsRenewalFailing => _isStoreAway;

    /// <summary>Whether the lease was taken away a moment ago, so that this node takes none from others.</summary>
    public bool IsOnProbation => _isOnProbation && _time.GetElapsedTime(_probationBegan) < _timeToLive * ProbationFactor;

    /// <summary>Gets the first lease and goes on keeping it.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await CreateAsync(cancellationToken).ConfigureAwait(false);
        _running = RunAsync();
    }

    public Task ChangedAsync() => _changed.Task;

    public ValueTask<LeaseTerm> FreshAsync() => _term is { IsFresh: true } term ? ValueTask.FromResult(term) : WaitForFreshAsync();

    public async Task<bool> UntilGoneAsync(long leaseId)
    {
        var wait = _waits.GetOrAdd(leaseId, static (id, keeper) => keeper.WaitUntilGoneAsync(id), this);
        try
        {
            return await wait.ConfigureAwait(false);
        }
        finally
        {
            // Asked once more, it is looked at anew.
            _waits.TryRemove(new KeyValuePair<long, Task<bool>>(leaseId, wait));
        }
    }

    public IReadOnlyList<long> RunOut()
    {
        lock (_othersGate)
        {
            return _others.RunOut();
        }
    }

    /// <summary>Gives the lease back: nobody need wait for this node. Called when all its servers have stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        var term = _term;
        term.Lose();
        Announce();
        using var patience = new CancellationTokenSource(_timeToLive * RenewalShare, _time);
        try
        {
            await Within(token => _store.DeleteLeaseAsync(term.Id, cancellationToken: token), patience.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is StoreUnavailableException or OperationCanceledException)
        {
            LogReleaseFailed(_log, exception.Message);
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task RunAsync()
    {
        var wait = _timeToLive * RenewalShare;
        while (!_closing.IsCancellationRequested)
        {
            await Task.Delay(wait, _time, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_closing.IsCancellationRequested)
            {
                var asked = _time.GetTimestamp();
                var isWell = await TryKeepAsync().ConfigureAwait(false);
                Announce();
                wait = isWell ? UntilNext(asked) : _timeToLive * RetryShare;
            }
        }
    }

    // Counted from when the last one was asked for, as the lease is. Its answer may have come when the lease had run out again, for want of a thread to take it; all servers are silent then, and nothing is to be waited for.
    private TimeSpan UntilNext(long asked)
    {
        var rest = (_timeToLive * RenewalShare) - _time.GetElapsedTime(asked);
        return rest > TimeSpan.Zero && _term.IsFresh ? rest : TimeSpan.Zero;
    }

    private async Task<bool> TryKeepAsync()
    {
        using var share = AShare();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token, share.Token);
        try
        {
            await KeepAsync(patience.Token).ConfigureAwait(false);
            if (_isStoreAway)
            {
                LogStoreBack(_log);
            }

            _isStoreAway = false;
            await LookAtOthersAsync(patience.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception exception)
        {
            // Also what no store should throw: without renewals all servers of the node fall silent, so this goes on whatever happens.
            if (!_isStoreAway)
            {
                LogRenewalFailed(_log, exception);
            }

            _isStoreAway = true;
            return false;
        }
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        var term = _term;
        if (!term.IsLost)
        {
            var (asked, askedUtc) = (_time.GetTimestamp(), _time.GetUtcNow());
            var deadline = LeaseDeadline.After(_time, _timeToLive);
            if (await Within(token => _store.RenewLeaseAsync(term.Id, token), cancellationToken).ConfigureAwait(false))
            {
                term.Extend(deadline);
                if (!term.IsFresh)
                {
                    LogRenewedLate(_log, Math.Max(_time.GetElapsedTime(asked).TotalSeconds, (_time.GetUtcNow() - askedUtc).TotalSeconds));
                }

                return;
            }

            LogLost(_log, term.Id, _timeToLive * ProbationFactor);
            _probationBegan = _time.GetTimestamp();
            _isOnProbation = true;
            term.Lose();
            Announce();
        }

        // Whoever took it need not wait any longer: nothing is answered under it from here on.
        await Within(token => _store.DeleteLeaseAsync(term.Id, cancellationToken: token), cancellationToken).ConfigureAwait(false);
        await CreateAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        var id = RandomId.Next();
        var deadline = LeaseDeadline.After(_time, _timeToLive);
        await Within(token => Answer(_store.CreateLeaseAsync(id, _node, _timeToLive, token)), cancellationToken).ConfigureAwait(false);
        _term = new LeaseTerm(id, _time, deadline);
        LogCreated(_log, id);
    }

    private async Task LookAtOthersAsync(CancellationToken cancellationToken)
    {
        var leases = await Within(_store.ListLeasesAsync, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<NodeLease> forgotten;
        lock (_othersGate)
        {
            _others.Take(leases);
            forgotten = _others.Forgotten();
        }

        foreach (var lease in forgotten)
        {
            await Within(token => _store.DeleteLeaseAsync(lease.Id, lease.Renewals, token), cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<LeaseTerm> WaitForFreshAsync()
    {
        while (true)
        {
            // Asked for first, so that no change is missed.
            var changed = _changed.Task;
            var term = _term;
            if (term.IsFresh)
            {
                return term;
            }

            if (_isStoreAway || _closing.IsCancellationRequested)
            {
                throw new StoreUnavailableException($"The lease of {_node} could not be renewed: the state store does not answer, or the node is shutting down.");
            }

            await changed.ConfigureAwait(false);
        }
    }

    private async Task<bool> WaitUntilGoneAsync(long leaseId)
    {
        var isRevoked = false;
        while (true)
        {
            var leases = await Soon(_store.ListLeasesAsync).ConfigureAwait(false);
            if (leases.FirstOrDefault(lease => lease.Id == leaseId) is not { } found)
            {
                return true;
            }

            bool hasRunOut;
            lock (_othersGate)
            {
                _others.Take(leases);
                hasRunOut = _others.HasRunOut(found);
            }

            if (hasRunOut && await Soon(token => _store.DeleteLeaseAsync(leaseId, found.Renewals, token)).ConfigureAwait(false))
            {
                LogExpired(_log, leaseId, found.Node);
                return true;
            }

            if (IsOnProbation)
            {
                return false;
            }

            if (!isRevoked)
            {
                // Its holder may be alive and not know that its servers have moved. From here on it cannot renew, and says so soon; or its time runs out.
                await Soon(token => Answer(_store.RevokeLeaseAsync(leaseId, token))).ConfigureAwait(false);
                isRevoked = true;
                LogRevoked(_log, leaseId, found.Node);
            }

            await Task.Delay(found.TimeToLive * RetryShare, _time, _closing.Token).ConfigureAwait(false);
        }
    }

    // What a claim waits for.
    private async Task<T> Soon<T>(Func<CancellationToken, ValueTask<T>> ask)
    {
        using var share = AShare();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token, share.Token);
        try
        {
            return await Within(ask, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!_closing.IsCancellationRequested)
        {
            throw new StoreUnavailableException("The state store did not answer in time when it was asked about another node's lease.", exception);
        }
    }

    // A source with a timer of its own: it may go off while it is disposed of. A timer that calls Cancel would throw then, on a thread where nobody catches it, and end the process.
    private CancellationTokenSource AShare() => new(_timeToLive * RenewalShare, _time);

    // A store may not look at the token while it hangs; then its answer is not waited for, nor taken when it comes. Asked again, it may well have another connection.
    private static async Task<T> Within<T>(Func<CancellationToken, ValueTask<T>> ask, CancellationToken cancellationToken)
    {
        var answer = ask(cancellationToken).AsTask();
        if (!answer.IsCompleted)
        {
            _ = answer.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        return await answer.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask<bool> Answer(ValueTask done)
    {
        await done.ConfigureAwait(false);
        return true;
    }

    private void Announce()
    {
        var changed = _changed;
        _changed = NewSource();
        changed.SetResult();
    }
}
