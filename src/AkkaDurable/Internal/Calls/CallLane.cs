namespace AkkaDurable.Internal.Calls;

/// <summary>
/// The open calls of this node to some of all keys, in the order in which they were made. It numbers them, and tells with each call which is the oldest one still open: what a server remembers of older ones it need not
/// remember any longer, since nobody will ask again. A call that stays open for long holds this up only for the keys of its lane.
/// </summary>
internal sealed class CallLane
{
    private readonly Lock _gate = new();
    private PendingCall? _oldest;
    private PendingCall? _newest;
    private long _last;

    /// <summary>Puts a call in line.</summary>
    /// <returns>Its number, and that of the oldest open call.</returns>
    public (long Sequence, long OpenFrom) Enter(PendingCall call)
    {
        lock (_gate)
        {
            call.Sequence = ++_last;
            call.Older = _newest;
            call.Newer = null;
            if (_newest is null)
            {
                _oldest = call;
            }
            else
            {
                _newest.Newer = call;
            }

            _newest = call;
            return (call.Sequence, _oldest!.Sequence);
        }
    }

    /// <summary>The call has ended.</summary>
    public void Leave(PendingCall call)
    {
        lock (_gate)
        {
            if (call.Older is null)
            {
                _oldest = call.Newer;
            }
            else
            {
                call.Older.Newer = call.Newer;
            }

            if (call.Newer is null)
            {
                _newest = call.Older;
            }
            else
            {
                call.Newer.Older = call.Older;
            }

            call.Older = null;
            call.Newer = null;
        }
    }
}
