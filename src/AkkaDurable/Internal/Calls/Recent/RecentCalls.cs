using AkkaDurable.Internal.Wire;

namespace AkkaDurable.Internal.Calls.Recent;

/// <summary>
/// What one server remembers of its last calls, so that one that comes again is answered instead of run again. It is stored with the state, in the same save. Pure and not safe for concurrent use.
/// </summary>
/// <remarks>
/// Each calling node numbers its calls and tells with each which one is its oldest still open, so most of what is remembered is forgotten with the next call. What no longer fits loses first its reply, then its place: calls
/// below the floor are neither answered nor run, since nobody can tell whether they ran.
/// </remarks>
internal sealed class RecentCalls(RecentCallsLimits limits)
{
    private static readonly List<GivenCall> s_none = [];

    private readonly List<Caller> _callers = new(1);
    private List<GivenCall>? _given;
    private int _givenReplies;
    private bool _hasChanged;

    /// <summary>The nodes that have called.</summary>
    public IReadOnlyList<Caller> Callers => _callers;

    /// <summary>The calls with an id that their caller gave, oldest first.</summary>
    public IReadOnlyList<GivenCall> Given => _given ?? s_none;

    /// <summary>Whether something of it is not stored yet.</summary>
    public bool HasChanged => _hasChanged;

    private int ReplyCount
    {
        get
        {
            var count = _givenReplies;
            foreach (var caller in _callers)
            {
                count += caller.ReplyCount;
            }

            return count;
        }
    }

    /// <summary>Looks a call up.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="reply">Its reply, when that is remembered.</param>
    /// <returns>Whether it ran; null: nobody can tell.</returns>
    public bool? HasRun(CallId id, out EncodedPayload? reply)
    {
        reply = null;
        if (id.Given is { } given)
        {
            var found = FindGiven(given);
            WriteReply(found);
            reply = found?.ToPayload();
            return found is not null;
        }

        if (Find(id.Session) is not { } caller)
        {
            return false;
        }

        caller.ForgetBelow(id.OpenFrom);
        if (caller.IndexOf(id.Sequence) is >= 0 and var index)
        {
            WriteReply(caller, ref caller.Calls[index]);
            reply = caller.Calls[index].ToPayload();
            return true;
        }

        return id.Sequence <= caller.Floor && !caller.IsHole(id.Sequence) ? null : false;
    }

    /// <summary>A call ran.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="reply">Its reply, if the handler gave one.</param>
    /// <param name="type">The request's type, which knows how a reply is written.</param>
    /// <param name="now">Milliseconds of Unix time.</param>
    public void Add(CallId id, ReplyEnvelope? reply, MessageType? type, long now)
    {
        _hasChanged = true;
        if (id.Given is { } given)
        {
            var call = new RecentCall(now);
            call.SetReply(reply, type);
            AddGiven(given, call);
        }
        else
        {
            var caller = Find(id.Session) ?? AddCaller(id.Session, 0, now);
            var call = new RecentCall(id.Sequence);
            call.SetReply(reply, type);
            caller.LastHeard = now;
            caller.ForgetBelow(id.OpenFrom);
            caller.Add(call);
            caller.Trim(limits.Ids);
        }

        ForgetOld(now);
        while (ReplyCount > limits.Replies)
        {
            DropReply();
        }
    }

    /// <summary>A call that ran gets its reply only now.</summary>
    /// <returns>False: it is not remembered.</returns>
    public bool TrySetReply(CallId id, ReplyEnvelope reply, MessageType? type)
    {
        if (id.Given is { } given)
        {
            if (FindGiven(given) is not { } found)
            {
                return false;
            }

            _givenReplies += found.SetReply(reply, type);
        }
        else if (Find(id.Session) is { } caller && caller.IndexOf(id.Sequence) is >= 0 and var index)
        {
            var call = caller.Calls[index];
            call.SetReply(reply, type);
            caller.SetReply(index, call);
        }
        else
        {
            return false;
        }

        _hasChanged = true;
        return true;
    }

    /// <summary>What is to be stored; null when it is stored already.</summary>
    public ReadOnlyMemory<byte>? Take()
    {
        if (!_hasChanged)
        {
            return null;
        }

        _hasChanged = false;
        Shrink();
        return RecentCallsFormat.Write(this);
    }

    /// <summary>Forgets what replies do not fit. The others are bytes from then on.</summary>
    /// <returns>How many bytes.</returns>
    public long Shrink()
    {
        var bytes = WriteAll();
        while (bytes > limits.ReplyBytes)
        {
            bytes -= DropReply();
        }

        return bytes;
    }

    /// <summary>For the reader of what is stored.</summary>
    public Caller AddCaller(long session, long floor, long lastHeard)
    {
        var caller = new Caller(session, floor, lastHeard);
        _callers.Add(caller);
        return caller;
    }

    /// <summary>For the reader of what is stored.</summary>
    public void AddGiven(string id, in RecentCall call)
    {
        (_given ??= []).Add(new GivenCall(id, call));
        _givenReplies += call.HasReply ? 1 : 0;
    }

    private void WriteReply(Caller caller, ref RecentCall call)
    {
        if (call.HasReply)
        {
            call.Write(limits.Codec);
            if (!call.HasReply)
            {
                caller.LoseReply();
            }
        }
    }

    private void WriteReply(GivenCall? call)
    {
        if (call?.HasReply == true)
        {
            call.Write(limits.Codec);
            _givenReplies -= call.HasReply ? 0 : 1;
        }
    }

    private Caller? Find(long session)
    {
        foreach (var caller in _callers)
        {
            if (caller.Session == session)
            {
                return caller;
            }
        }

        return null;
    }

    private GivenCall? FindGiven(string id) => _given?.Find(call => call.Id == id);

    private long WriteAll()
    {
        long bytes = 0;
        foreach (var caller in _callers)
        {
            foreach (ref var call in caller.Calls)
            {
                WriteReply(caller, ref call);
                bytes += call.Written.Length;
            }
        }

        foreach (var call in _given ?? s_none)
        {
            WriteReply(call);
            bytes += call.Written.Length;
        }

        return bytes;
    }

    // The oldest one of whoever has most.
    private int DropReply()
    {
        var busiest = _callers.Count == 0 ? null : _callers.MaxBy(static caller => caller.ReplyCount);
        if (busiest is not null && busiest.ReplyCount > _givenReplies)
        {
            return busiest.DropOldestReply();
        }

        _givenReplies--;
        return _given!.Find(static call => call.HasReply)!.DropReply();
    }

    private void ForgetOld(long now)
    {
        if (_callers.Count > 1)
        {
            ForgetSilent(now);
        }

        if (_given is null)
        {
            return;
        }

        var old = 0;
        while (old < _given.Count && (now - _given[old].RanAt > limits.KeepFor || _given.Count - old > limits.Replies))
        {
            _givenReplies -= _given[old].HasReply ? 1 : 0;
            old++;
        }

        _given.RemoveRange(0, old);
    }

    // By itself, so that who has one caller does not pay for the closure.
    private void ForgetSilent(long now)
    {
        _callers.RemoveAll(caller => now - caller.LastHeard > limits.KeepFor);
        if (_callers.Count > RecentCallsLimits.Callers)
        {
            _callers.Remove(_callers.MinBy(static caller => caller.LastHeard)!);
        }
    }
}
