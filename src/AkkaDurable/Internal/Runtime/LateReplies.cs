using AkkaDurable.Internal.Calls;

namespace AkkaDurable.Internal.Runtime;

/// <summary>Replies that tasks outside of any handler gave, on their way through the server's mailbox. When the server ends with its mailbox, they are found here.</summary>
internal sealed class LateReplies
{
    private Dictionary<CallEnvelope, Output>? _underway;
    private bool _isClosed;

    /// <summary>False: the server has ended, and nobody will look.</summary>
    public bool TryAdd(CallEnvelope call, in Output reply)
    {
        lock (this)
        {
            if (_isClosed)
            {
                return false;
            }

            (_underway ??= new(ReferenceEqualityComparer.Instance)).Add(call, reply);
            return true;
        }
    }

    public void Remove(CallEnvelope call)
    {
        lock (this)
        {
            _underway?.Remove(call);
        }
    }

    public IEnumerable<Output> Close()
    {
        lock (this)
        {
            _isClosed = true;
            var underway = _underway;
            _underway = null;
            return underway?.Values ?? Enumerable.Empty<Output>();
        }
    }
}
