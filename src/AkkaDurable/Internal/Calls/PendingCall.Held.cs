namespace AkkaDurable.Internal.Calls;

// Calls that wait at servers whose type is held on their node.
internal abstract partial class PendingCall
{
    /// <summary>An attempt waits in the queue of a server that is held. It did not run, and does not: it comes back when the hold ends.</summary>
    public void NoteHeld(long correlationId, CallFailure refusal)
    {
        lock (this)
        {
            if (CorrelationId == correlationId)
            {
                _refusal = refusal;
                _refusals++;
            }
        }
    }

    /// <summary>An attempt that was held has come back. It counts among the refused already.</summary>
    public void SendAgain(long correlationId, long now)
    {
        ServerEnvelope? again;
        Gateway? from;
        lock (this)
        {
            if (CorrelationId != correlationId || _sent is null)
            {
                return;
            }

            // Of an attempt that is a call's only one there is no other that it would have to be told from.
            again = (ServerEnvelope?)_envelope?.Repeat() ?? _sent;
            from = _gateway;
            _attempts++;
            if (_envelope is not null)
            {
                Volatile.Write(ref _resendAt, now + Channel.Ticks(_resendAfter));
            }
        }

        from?.Repeat(again);
    }
}
