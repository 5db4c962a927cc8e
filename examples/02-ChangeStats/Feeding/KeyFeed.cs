using AkkaDurable;
using ChangeStats.Input;

namespace ChangeStats.Feeding;

/// <summary>The changes of one file that wait to be sent. They go out one after the other, each with an id of its own, so that sending one twice does no harm.</summary>
internal sealed class KeyFeed(string path, ServerRef server, string run)
{
    private readonly Queue<ChangeEvent> _waiting = new();
    private long _sequence;

    public string Path { get; } = path;

    /// <summary>The change that is being sent, again and again until it is acknowledged.</summary>
    public ChangeEvent? Current { get; private set; }

    /// <summary>When <see cref="Current"/> was sent for the first time.</summary>
    public long FirstSentAt { get; private set; }

    /// <summary>The call under way; none while a change waits to be sent again.</summary>
    public Task<long>? Attempt { get; set; }

    public void Add(ChangeEvent change) => _waiting.Enqueue(change);

    /// <summary>Makes the next waiting change the current one.</summary>
    public bool TryNext(long now)
    {
        if (!_waiting.TryDequeue(out var next))
        {
            Current = null;
            return false;
        }

        Current = next;
        _sequence++;
        FirstSentAt = now;
        return true;
    }

    #region send
    public Task<long> Send(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var change = Current!.Value;
        var options = new CallOptions { Timeout = timeout, Id = $"{run}-{_sequence}" };
        return Attempt = server.CallAsync(new CountChange(change.Added, change.Removed), options, cancellationToken).AsTask();
    }
    #endregion
}
