using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using AkkaDurable.Internal.Calls;

namespace AkkaDurable.Internal.Runtime;

/// <summary>A message that waits for its turn.</summary>
internal readonly record struct Waiting(object Message, IActorRef Sender);

/// <summary>The messages that wait for a server, oldest first. Not safe for concurrent use.</summary>
internal sealed class WaitingMessages
{
    // With fewer messages looking through them is as quick.
    private const int ScannedCount = 16;

    private readonly Queue<Waiting> _queue = new();

    // The calls among them. Kept from the first time that many wait and one is looked for: only a server that is behind gets repeats.
    private HashSet<CallKey>? _calls;

    public int Count => _queue.Count;

    public void Enqueue(Waiting waiting)
    {
        _queue.Enqueue(waiting);
        if (_calls is not null && waiting.Message is CallEnvelope call)
        {
            _calls.Add(CallKey.Of(call, waiting.Sender));
        }
    }

    /// <summary>Puts a message before all others. Not for calls.</summary>
    public void EnqueueFirst(Waiting waiting)
    {
        var others = _queue.ToArray();
        _queue.Clear();
        _queue.Enqueue(waiting);
        foreach (var other in others)
        {
            _queue.Enqueue(other);
        }
    }

    public Waiting Dequeue()
    {
        var waiting = _queue.Dequeue();
        if (_calls is not null && waiting.Message is CallEnvelope call)
        {
            _calls.Remove(CallKey.Of(call, waiting.Sender));
        }

        return waiting;
    }

    public bool TryDequeue(out Waiting waiting)
    {
        var isThere = _queue.Count > 0;
        waiting = isThere ? Dequeue() : default;
        return isThere;
    }

    public bool TryPeek([MaybeNullWhen(false)] out Waiting waiting) => _queue.TryPeek(out waiting);

    /// <summary>Whether nothing waits but this.</summary>
    public bool AreAll(ControlVerb verb) => _queue.All(waiting => waiting.Message is ControlEnvelope control && control.Verb == verb);

    /// <summary>Whether an attempt of the call waits.</summary>
    public bool Contains(in CallKey key)
    {
        if (_calls is null && _queue.Count > ScannedCount)
        {
            _calls = [];
            foreach (var waiting in _queue)
            {
                if (waiting.Message is CallEnvelope call)
                {
                    _calls.Add(CallKey.Of(call, waiting.Sender));
                }
            }
        }

        if (_calls is not null)
        {
            return _calls.Contains(key);
        }

        foreach (var waiting in _queue)
        {
            if (waiting.Message is CallEnvelope call && CallKey.Of(call, waiting.Sender) == key)
            {
                return true;
            }
        }

        return false;
    }
}
