namespace AkkaDurable.Internal.Calls;

// When a call is sent again.
internal abstract partial class PendingCall
{
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_afterLoss = TimeSpan.FromMilliseconds(250);

    /// <summary>Lets the call be sent again as long as it is open.</summary>
    /// <param name="envelope">What.</param>
    /// <param name="after">How long to wait for an answer before.</param>
    /// <param name="now">The channel's time.</param>
    public void RepeatAfter(CallEnvelope envelope, TimeSpan after, long now)
    {
        _resendAfter = after;
        _envelope = envelope;
        Volatile.Write(ref _resendAt, now + Channel.Ticks(after));
    }

    /// <summary>A node is gone that may have had the call: it is sent again without waiting longer for an answer from there, and soon once more, since the way to another node may not be open yet.</summary>
    /// <param name="correlationId">Which call is meant.</param>
    /// <param name="at">When.</param>
    public void RepeatSoon(long correlationId, long at)
    {
        lock (this)
        {
            if (CorrelationId == correlationId && _envelope is not null && at < _resendAt)
            {
                _resendAfter = s_afterLoss;
                Volatile.Write(ref _resendAt, at);
            }
        }
    }

    /// <summary>The owner that the call reached says that it did not run, and that another one is to be asked.</summary>
    /// <param name="correlationId">Which call it means.</param>
    /// <param name="refusal">What it says.</param>
    /// <param name="until">When to ask again.</param>
    /// <param name="patience">How long an answer may take; with less time left the call is not sent again.</param>
    /// <returns>False: the call cannot be sent again.</returns>
    public bool TryPostpone(long correlationId, CallFailure refusal, long until, long patience)
    {
        lock (this)
        {
            if (CorrelationId != correlationId)
            {
                return false;
            }

            _refusal = refusal;
            _refusals++;
            if (_envelope is null || until >= Deadline - patience)
            {
                return false;
            }

            // Of the attempts so far some may be under way yet; they count as answered, this one does not.
            _envelope = _envelope.Renew();
            Volatile.Write(ref _resendAt, until);
            return true;
        }
    }

    /// <summary>Sends the call again if its time has come.</summary>
    /// <param name="now">The channel's time.</param>
    /// <param name="patience">How long an answer may take; with less time left a call is not sent again of which it is known that it did not run, so that it stays known.</param>
    public void RepeatIfDue(long now, long patience)
    {
        if (Volatile.Read(ref _resendAt) > now)
        {
            return;
        }

        CallEnvelope? due;
        Gateway? from;
        lock (this)
        {
            (due, from) = (_envelope, _gateway);
            if (Volatile.Read(ref _resendAt) > now || due is null || due.CorrelationId != CorrelationId)
            {
                return;
            }

            if (_refusals >= _attempts && now >= Deadline - patience)
            {
                Volatile.Write(ref _resendAt, long.MaxValue);
                return;
            }

            // Each time twice as long: who does not answer may be overloaded.
            _resendAfter = _resendAfter > s_longestWait ? _resendAfter : _resendAfter * 2;
            Volatile.Write(ref _resendAt, now + Channel.Ticks(_resendAfter));
            if (!due.HasLeft)
            {
                return;
            }

            _attempts++;
        }

        from?.Repeat(due.Repeat());
    }
}
