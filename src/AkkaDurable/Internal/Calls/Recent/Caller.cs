using System.Runtime.InteropServices;

namespace AkkaDurable.Internal.Calls.Recent;

/// <summary>What a server remembers of the calls of one node.</summary>
internal sealed class Caller(long session, long floor, long lastHeard)
{
    // Most servers remember one call of one caller.
    private readonly List<RecentCall> _calls = new(1);

    public long Session { get; } = session;

    /// <summary>Calls up to this number that are not in the list are not known any more, or nobody waits for them any more.</summary>
    public long Floor { get; private set; } = floor;

    /// <summary>When a call was last added; milliseconds of Unix time.</summary>
    public long LastHeard { get; set; } = lastHeard;

    public int ReplyCount { get; private set; }

    /// <summary>Ordered by number.</summary>
    public Span<RecentCall> Calls => CollectionsMarshal.AsSpan(_calls);

    public int IndexOf(long sequence)
    {
        // Nearly always one of the last.
        for (var i = _calls.Count - 1; i >= 0 && _calls[i].Sequence >= sequence; i--)
        {
            if (_calls[i].Sequence == sequence)
            {
                return i;
            }
        }

        return -1;
    }

    public void Add(in RecentCall call)
    {
        var place = _calls.Count;
        while (place > 0 && _calls[place - 1].Sequence > call.Sequence)
        {
            place--;
        }

        _calls.Insert(place, call);
        ReplyCount += call.HasReply ? 1 : 0;
    }

    public void SetReply(int index, in RecentCall call)
    {
        ReplyCount += (call.HasReply ? 1 : 0) - (_calls[index].HasReply ? 1 : 0);
        _calls[index] = call;
    }

    /// <summary>The caller waits for none below this number any more.</summary>
    public void ForgetBelow(long openFrom)
    {
        if (openFrom - 1 <= Floor)
        {
            return;
        }

        Floor = openFrom - 1;
        var count = 0;
        while (count < _calls.Count && _calls[count].Sequence < openFrom)
        {
            ReplyCount -= _calls[count].HasReply ? 1 : 0;
            count++;
        }

        _calls.RemoveRange(0, count);
    }

    /// <summary>Keeps so many of the newest calls.</summary>
    public void Trim(int most)
    {
        if (_calls.Count > most)
        {
            ForgetBelow(_calls[^most].Sequence);
        }
    }

    /// <summary>Forgets the oldest reply, but not that its call ran.</summary>
    /// <returns>How many bytes it had.</returns>
    public int DropOldestReply()
    {
        foreach (ref var call in Calls)
        {
            if (call.HasReply)
            {
                var bytes = call.Bytes;
                call.DropReply();
                ReplyCount--;
                return bytes;
            }
        }

        return 0;
    }

    /// <summary>A reply could not be written.</summary>
    public void LoseReply() => ReplyCount--;
}
