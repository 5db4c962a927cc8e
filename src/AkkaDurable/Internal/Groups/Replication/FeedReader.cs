namespace AkkaDurable.Internal.Groups.Replication;

/// <summary>What one other node has told of its entries: puts frames in order and notices what is missing. Pure; not safe for concurrent use.</summary>
internal sealed class FeedReader
{
    private long _feed;
    private long _next;
    private List<FeedOp>? _snapshot;
    private bool _hadSnapshot;

    public enum Outcome : byte
    {
        /// <summary>Nothing to do: too late, or part of a snapshot.</summary>
        None,

        /// <summary>Changes to apply.</summary>
        Changes,

        /// <summary>All that there is, for the first time.</summary>
        First,

        /// <summary>All that there is, after something was lost.</summary>
        Repair,

        /// <summary>Something is missing: the other node must begin anew.</summary>
        Gap,
    }

    /// <summary>Whether frames are missing, and nothing is applied until a snapshot has come.</summary>
    public bool IsBroken { get; private set; } = true;

    public Outcome Accept(Frame frame, out IReadOnlyList<FeedOp> ops)
    {
        ops = [];
        if (frame.Feed < _feed)
        {
            return Outcome.None;
        }

        if (frame.Feed > _feed)
        {
            (_feed, _next, _snapshot) = (frame.Feed, 0, []);
            IsBroken = false;
        }

        if (IsBroken || frame.Sequence < _next)
        {
            return Outcome.None;
        }

        if (frame.Sequence > _next)
        {
            IsBroken = true;
            _snapshot = null;
            return Outcome.Gap;
        }

        _next++;
        if (_snapshot is null)
        {
            ops = frame.Ops;
            return Outcome.Changes;
        }

        _snapshot.AddRange(frame.Ops);
        if (!frame.SnapshotEnd)
        {
            return Outcome.None;
        }

        ops = _snapshot;
        _snapshot = null;
        var outcome = _hadSnapshot ? Outcome.Repair : Outcome.First;
        _hadSnapshot = true;
        return outcome;
    }

    /// <summary>Whether the other node must begin anew, by what it says is the last that it sent.</summary>
    public bool IsBehind(long feed, long lastSequence)
    {
        if (feed < _feed || (feed == _feed && lastSequence < _next))
        {
            return feed == _feed && IsBroken;
        }

        IsBroken = true;
        _snapshot = null;
        return true;
    }
}
