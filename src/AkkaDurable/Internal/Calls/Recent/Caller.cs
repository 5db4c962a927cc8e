using System.Runtime.InteropServices;

namespace AkkaDurable.Internal.Calls.Recent;

/// <summary>What a server remembers of the calls of one node.</summary>
internal sealed class Caller(long session, long floor, long lastHeard)
{
    // Most servers remember one call of one caller.
    private readonly List<RecentCall> _calls = new(1);

    // Numbers below the floor that have not run: calls that were overtaken by very many others, and may yet come for the first time. Ascending; null: none.
    private List<long>? _holes;

    public long Session { get; } = session;

    /// <summary>The most overtaken calls that are told from calls that ran.</summary>
    public const int MostHoles = 64;

    /// <summary>Calls up to this number have run, as far as is known, or nobody waits for them any more; but for the <see cref="Holes"/>.</summary>
    public long Floor { get; private set; } = floor;

    /// <summary>When a call was last added; milliseconds of Unix time.</summary>
    public long LastHeard { get; set; } = lastHeard;

    public int ReplyCount { get; private set; }

    /// <summary>Ordered by number.</summary>
    public Span<RecentCall> Calls => CollectionsMarshal.AsSpan(_calls);

    /// <summary>Calls below the floor that have not run.</summary>
    public ReadOnlySpan<long> Holes => CollectionsMarshal.AsSpan(_holes);

    /// <summary>Whether a call below the floor is known not to have run.</summary>
    public bool IsHole(long sequence) => _holes?.Contains(sequence) == true;

    /// <summary>Notes a call below the floor that has not run; in ascending order.</summary>
    public void AddHole(long sequence)
    {
        _holes ??= [];
        if (_holes.Count == MostHoles)
        {
            _holes.RemoveAt(0);
        }

        _holes.Add(sequence);
    }

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
        if (call.Sequence <= Floor)
        {
            // An overtaken call came at last. That it ran is all that is remembered of it.
            _holes?.Remove(call.Sequence);
            return;
        }

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
        if (_holes is not null)
        {
            ForgetHolesBelow(openFrom);
        }

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

    // By itself, so that only who has holes pays for the closure.
    private void ForgetHolesBelow(long openFrom)
    {
        if (_holes!.RemoveAll(hole => hole < openFrom) > 0 && _holes.Count == 0)
        {
            _holes = null;
        }
    }

    /// <summary>Keeps so many of the newest calls; of the others, that they ran, and which ones between them did not.</summary>
    public void Trim(int most)
    {
        while (_calls.Count > most)
        {
            var oldest = _calls[0];
            for (var missing = Math.Max(Floor + 1, oldest.Sequence - MostHoles); missing < oldest.Sequence; missing++)
            {
                AddHole(missing);
            }

            Floor = oldest.Sequence;
            ReplyCount -= oldest.HasReply ? 1 : 0;
            _calls.RemoveAt(0);
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
                var bytes = call.Written.Length;
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
