using System.Security.Cryptography;
using Akka.Actor;
using Akka.Coordination;
using Akka.Event;
using AkkaDurable.Sql.Internal.Leasing;

namespace AkkaDurable.Sql;

/// <summary>
/// A lease of Akka.Coordination in SQLite or PostgreSQL, for the split-brain resolver (<c>lease-majority</c>), cluster singletons and shards. Akka makes it: its settings name this class as <c>lease-class</c>,
/// and the actor system has a <see cref="SqlLeaseSetup"/>.
/// </summary>
/// <remarks>
/// <para>A row of the table <c>{prefix}sbr_leases</c> says who holds it. Acquiring, renewing and giving back are compare-and-swaps; <c>heartbeat-timeout</c> after the last renewal, by the database's own clock, others may have it.
/// The owner holds it, by <see cref="CheckLease"/>, for a little less, counted on its own monotonic clock from before it sent the renewal; so two owners never hold it at once, also after one of them was paused, whatever the
/// nodes' clocks say. A step of the database's clock, or a failover of the database that loses a commit, breaks that.</para>
/// <para>A process that was started again under the same owner name is another owner: it waits like any other until the time of the one before is over.</para>
/// <para>With <c>hand-over-within-cluster = on</c>, an owner hands the lease over when another member of the cluster wants it and the two can reach each other, by both their views. That is for the split-brain
/// resolver, where a lease belongs to a side of the cluster rather than to the node that happened to decide for it; never use it for singletons or shards.</para>
/// <para>Thread-safe.</para>
/// </remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "Akka disposes of no lease; the semaphore has no handle unless one is asked for.")]
public sealed partial class SqlLease : Lease
{
    // How long to wait before asking again, after a failure or while the lease is being handed over.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Func<CancellationToken, ValueTask<ILeaseTable>> _open;
    private readonly Func<string, bool>? _isOnOurSide;
    private readonly TimeProvider _time;
    private readonly ILoggingAdapter _log;
    private readonly LeaseOwner _self;

    // Acquiring and giving back take turns; renewals run beside them.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private LeaseHold? _hold;

    /// <summary>For Akka, which makes leases by their settings.</summary>
    /// <param name="settings">Name, owner and times of the lease.</param>
    /// <param name="system">The actor system, with a <see cref="SqlLeaseSetup"/>. Renewals end with it.</param>
    public SqlLease(LeaseSettings settings, ExtendedActorSystem system)
        : this(
            settings,
            LeaseDatabase.Of(system).OpenAsync,
            settings?.LeaseConfig.GetBoolean("hand-over-within-cluster", false) == true ? owner => ClusterSide.Has(system, owner) : null,
            system?.Settings.Setup.Get<SqlLeaseSetup>() is { HasValue: true } setup ? setup.Value.Time : TimeProvider.System,
            Logging.GetLogger(system, nameof(SqlLease))) => _ = EndWithAsync(system!);

    internal SqlLease(LeaseSettings settings, Func<CancellationToken, ValueTask<ILeaseTable>> open, Func<string, bool>? isOnOurSide, TimeProvider time, ILoggingAdapter log)
        : base(settings)
    {
        _open = open;
        _isOnOurSide = isOnOurSide;
        _time = time;
        _log = log;
        _self = new LeaseOwner(RandomHolder(), settings.OwnerName);
    }

    private TimeSpan TimeToLive => Settings.TimeoutSettings.HeartbeatTimeout;

    /// <summary>Opens the database of an actor system's leases and makes or upgrades its tables, so that what is wrong with it is found out at startup and not when a lease is needed.</summary>
    /// <param name="system">The actor system, with a <see cref="SqlLeaseSetup"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when leases can be had.</returns>
    /// <exception cref="DurableConfigurationException">There is no <see cref="SqlLeaseSetup"/>, or its options break a rule.</exception>
    /// <exception cref="StoreUnavailableException">The database does not answer.</exception>
    /// <exception cref="StoreSchemaException">The tables are not ours.</exception>
    public static async Task PrepareAsync(ActorSystem system, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(system);
        await LeaseDatabase.Of(system).OpenAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override Task<bool> Acquire() => Acquire(null);

    /// <summary>Tries to acquire the lease. While the database does not answer it goes on trying, for as long as <c>lease-operation-timeout</c> says.</summary>
    /// <param name="leaseLostCallback">Called once when the lease was lost: somebody else has it, or no renewal got through in time. Not called after <see cref="Release"/>.</param>
    /// <returns>Whether this owner holds the lease now; <see langword="false"/>: somebody else does.</returns>
    /// <exception cref="LeaseTimeoutException">The database did not answer in time; whether it is held will be told by the next call.</exception>
    /// <exception cref="LeaseException">The database cannot hold leases, as when its tables are not ours.</exception>
    public override async Task<bool> Acquire(Action<Exception>? leaseLostCallback)
    {
        using var patience = new CancellationTokenSource(Settings.TimeoutSettings.OperationTimeout, _time);
        await TakeTurnAsync(patience.Token).ConfigureAwait(false);
        try
        {
            return await AcquireInTurnAsync(leaseLostCallback, patience.Token).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Gives the lease back. From the moment of the call on, this owner does not hold it any more.</summary>
    /// <returns><see langword="true"/>: this owner does not have it, so others can.</returns>
    /// <exception cref="LeaseTimeoutException">The database did not answer in time; others can have the lease when its time is over.</exception>
    /// <exception cref="LeaseException">The database cannot hold leases, as when its tables are not ours.</exception>
    public override async Task<bool> Release()
    {
        Interlocked.Exchange(ref _hold, null)?.End();
        using var patience = new CancellationTokenSource(Settings.TimeoutSettings.OperationTimeout, _time);
        await TakeTurnAsync(patience.Token).ConfigureAwait(false);
        try
        {
            // One that was acquired while this waited for its turn.
            Interlocked.Exchange(ref _hold, null)?.End();
            return await TryAsync(
                "given back",
                async (table, cancellation) =>
                {
                    await table.ReleaseAsync(Settings.LeaseName, _self.Holder, cancellation).ConfigureAwait(false);
                    return true;
                },
                patience.Token).ConfigureAwait(false) ?? false;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public override bool CheckLease() => Volatile.Read(ref _hold) is { IsFresh: true };

    private async Task<bool> AcquireInTurnAsync(Action<Exception>? lost, CancellationToken cancellationToken)
    {
        var asked = 0L;
        bool? isGranted;
        try
        {
            isGranted = await TryAsync(
                "acquired",
                async (table, cancellation) =>
                {
                    asked = _time.GetTimestamp();
                    var row = await table.AcquireAsync(Settings.LeaseName, _self, TimeToLive, cancellation).ConfigureAwait(false);
                    if (row.Owner.Holder == _self.Holder)
                    {
                        return true;
                    }

                    if (_isOnOurSide?.Invoke(row.Owner.Name) != true)
                    {
                        return false;
                    }

                    // The owner hands it over when it renews next, if it agrees.
                    await table.AskForAsync(Settings.LeaseName, row.Version, _self, cancellation).ConfigureAwait(false);
                    return null;
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (LeaseTimeoutException)
        {
            // It may have been acquired, or may yet be handed over. Nobody knows of it here, so nobody would renew it: others need not wait for its end.
            _ = ForgetAsync();
            throw;
        }

        if (isGranted != true)
        {
            return false;
        }

        var hold = new LeaseHold(_time, TimeToLive, asked, lost);
        Interlocked.Exchange(ref _hold, hold)?.End();
        _ = KeepAsync(hold);
        return true;
    }

    /// <summary>Asks until there is an answer.</summary>
    /// <param name="what">What was to be done with the lease, for the message.</param>
    /// <param name="work">Returns <see langword="null"/> to be asked again.</param>
    /// <param name="cancellationToken">When to give up.</param>
    private async Task<bool?> TryAsync(string what, Func<ILeaseTable, CancellationToken, Task<bool?>> work, CancellationToken cancellationToken)
    {
        StoreUnavailableException? failure = null;
        try
        {
            while (true)
            {
                try
                {
                    // Not every driver gives up when it is told to.
                    var answer = await AskAsync(work, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
                    failure = null;
                    if (answer is not null)
                    {
                        return answer;
                    }
                }
                catch (StoreUnavailableException exception)
                {
                    failure = exception;
                }

                await Task.Delay(Pause, _time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new LeaseTimeoutException($"{this} could not be {what} within {Settings.TimeoutSettings.OperationTimeout}{(failure is null ? "" : ": " + failure.Message)}", failure);
        }
        catch (StoreSchemaException exception)
        {
            throw new LeaseException($"{this} could not be {what}: {exception.Message}", exception);
        }
    }

    private async Task<bool?> AskAsync(Func<ILeaseTable, CancellationToken, Task<bool?>> work, CancellationToken cancellationToken) =>
        await work(await _open(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    private async Task TakeTurnAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception)
        {
            throw new LeaseTimeoutException($"{this}: another operation on it did not end within {Settings.TimeoutSettings.OperationTimeout}", exception);
        }
    }

    private async Task EndWithAsync(ActorSystem system)
    {
        await system.WhenTerminated.ConfigureAwait(false);

        // Not given back: whoever comes after must not be sooner than what this node may still be doing.
        Interlocked.Exchange(ref _hold, null)?.End();
    }

    private static long RandomHolder()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return (BitConverter.ToInt64(bytes) & long.MaxValue) | 1;
    }

    /// <summary>The lease and its owner, for people.</summary>
    /// <returns>A text such as <c>The lease shop-akka-sbr of shop@10.0.0.1:8110</c>.</returns>
    public override string ToString() => $"The lease {Settings.LeaseName} of {Settings.OwnerName}";
}
