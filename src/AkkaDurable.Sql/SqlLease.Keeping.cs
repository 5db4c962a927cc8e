using Akka.Coordination;
using Akka.Event;
using AkkaDurable.Sql.Internal.Leasing;

namespace AkkaDurable.Sql;

public sealed partial class SqlLease
{
    private async Task KeepAsync(LeaseHold hold)
    {
        var interval = Settings.TimeoutSettings.HeartbeatInterval;
        var pause = interval;
        while (true)
        {
            await Task.Delay(pause, _time, hold.Ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (hold.Ended.IsCancellationRequested)
            {
                return;
            }

            if (!hold.IsFresh)
            {
                Lose(hold, new LeaseException($"{this} was lost: no renewal got through for {TimeToLive}."));
                return;
            }

            using var remaining = new CancellationTokenSource(hold.Remaining, _time);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(hold.Ended, remaining.Token);
            try
            {
                if (!await TryRenewAsync(hold, patience.Token).WaitAsync(patience.Token).ConfigureAwait(false))
                {
                    return;
                }

                pause = interval;
            }
            catch (OperationCanceledException) when (patience.IsCancellationRequested)
            {
                pause = TimeSpan.Zero;
            }
            catch (StoreUnavailableException exception)
            {
                _log.Warning("{0} could not be renewed: {1}", this, exception.Message);
                pause = TimeSpan.FromTicks(Math.Min((interval / 4).Ticks, hold.Remaining.Ticks));
            }
        }
    }

    /// <returns>Whether it is still held.</returns>
    private async Task<bool> TryRenewAsync(LeaseHold hold, CancellationToken cancellationToken)
    {
        var table = await _open(cancellationToken).ConfigureAwait(false);
        var asked = _time.GetTimestamp();
        if (await table.RenewAsync(Settings.LeaseName, _self.Holder, TimeToLive, cancellationToken).ConfigureAwait(false) is not { } row)
        {
            Lose(hold, new LeaseException($"{this} was lost: somebody else has it."));
            return false;
        }

        hold.Extend(asked);
        if (row.WantedBy.IsNobody || _isOnOurSide?.Invoke(row.WantedBy.Name) != true)
        {
            return true;
        }

        // Not held here any more before it can be held there.
        Lose(hold, new LeaseException($"{this} was handed over to {row.WantedBy.Name}."));
        await table.HandOverAsync(Settings.LeaseName, _self.Holder, row.WantedBy, TimeToLive, cancellationToken).ConfigureAwait(false);
        return false;
    }

    private void Lose(LeaseHold hold, LeaseException why)
    {
        if (Interlocked.CompareExchange(ref _hold, null, hold) != hold)
        {
            // Given back, or acquired anew.
            return;
        }

        _log.Warning(why.Message);
        try
        {
            hold.Lost?.Invoke(why);
        }
        catch (Exception exception)
        {
            // Whatever a stranger's code throws, it must not keep the lease from being handed over.
            _log.Error(exception, "{0}: the callback for its loss failed.", this);
        }
    }

    /// <summary>Gives back what may have been acquired without anybody knowing.</summary>
    private async Task ForgetAsync()
    {
        using var patience = new CancellationTokenSource(TimeToLive, _time);
        try
        {
            await _turn.WaitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        try
        {
            if (Volatile.Read(ref _hold) is null)
            {
                var table = await _open(patience.Token).ConfigureAwait(false);
                await table.ReleaseAsync(Settings.LeaseName, _self.Holder, patience.Token).WaitAsync(patience.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is StoreUnavailableException or OperationCanceledException)
        {
            _log.Debug("{0} could not be given back; it runs out by itself: {1}", this, exception.Message);
        }
        finally
        {
            _turn.Release();
        }
    }
}
