using Akka.Actor;
using AkkaDurable.Internal.Calls;

namespace AkkaDurable.Internal.Runtime;

/// <summary>
/// The way of this node's messages straight into the mailbox of one server that runs here. Shut at first: what is sent meanwhile is held, behind what is still under way by the shard region. Open: whoever sends does so
/// without a lock. Closed: not used again; once the last sender has left it the server gets a <see cref="ShortcutLeft"/>, after which nothing more comes by it.
/// </summary>
/// <param name="key">The server's key.</param>
/// <param name="number">Tells it from other shortcuts of this process.</param>
/// <param name="server">The server's actor.</param>
internal sealed class Shortcut(string key, long number, IActorRef server)
{
    // Far below zero, so that it stays below however many try to get in.
    private const int Shut = int.MinValue / 2;

    // How many are sending just now; Shut is added while nobody may.
    private int _senders = Shut;
    private int _hasToldLeft;
    private bool _isOpen;
    private volatile bool _isClosed;
    private Queue<(ServerEnvelope Envelope, IActorRef Sender)>? _held;

    public string Key { get; } = key;

    public long Number { get; } = number;

    /// <summary>Sends a message if the shortcut is open. Safe for concurrent use.</summary>
    public bool TrySend(ServerEnvelope envelope, IActorRef sender)
    {
        if (Volatile.Read(ref _senders) < 0)
        {
            return false;
        }

        try
        {
            if (Interlocked.Increment(ref _senders) < 0)
            {
                return false;
            }

            server.Tell(envelope, sender);
            return true;
        }
        finally
        {
            if (Interlocked.Decrement(ref _senders) == Shut && _isClosed)
            {
                TellLeft();
            }
        }
    }

    /// <summary>Keeps a message until the shortcut is opened. Under the lock of <see cref="Shortcuts"/>, as all below.</summary>
    /// <returns>How many are held.</returns>
    public int Hold(ServerEnvelope envelope, IActorRef sender)
    {
        (_held ??= new()).Enqueue((envelope, sender));
        return _held.Count;
    }

    /// <summary>Nothing is under way by the region any more.</summary>
    public void Open()
    {
        EmptyInto(server);
        _isOpen = true;
        Interlocked.Add(ref _senders, -Shut);
    }

    /// <summary>From now on all goes by the region, what is held first.</summary>
    public void Close(IActorRef region)
    {
        if (_isClosed)
        {
            return;
        }

        EmptyInto(region);
        _isClosed = true;
        if (!_isOpen || Interlocked.Add(ref _senders, Shut) == Shut)
        {
            TellLeft();
        }
    }

    private void EmptyInto(IActorRef target)
    {
        while (_held is not null && _held.TryDequeue(out var next))
        {
            target.Tell(next.Envelope, next.Sender);
        }

        _held = null;
    }

    // Who comes too late and is turned away may find itself the last one too.
    private void TellLeft()
    {
        if (Interlocked.Exchange(ref _hasToldLeft, 1) == 0)
        {
            server.Tell(new ShortcutLeft(this), ActorRefs.NoSender);
        }
    }
}
