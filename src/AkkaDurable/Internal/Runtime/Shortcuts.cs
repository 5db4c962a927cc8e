using System.Collections.Concurrent;
using Akka.Actor;
using AkkaDurable.Internal.Calls;

namespace AkkaDurable.Internal.Runtime;

/// <summary>
/// How messages get from this node to the servers of one type: straight to those that run here and have opened a shortcut, else by the shard region. Safe for concurrent use.
/// </summary>
/// <remarks>
/// <para>Messages of one sender to one key keep their order when the way changes from the region to the shortcut: a server opens it by sending itself an <see cref="ControlVerb.OpenShortcut"/> by the region. What was sent
/// before comes before it; what is sent later is held until it has come. So that "before" and "later" mean something, whoever sends by the region holds the lock of the key.</para>
/// <para>A server closes its shortcut before it asks its shard to be stopped, or when the shard tells it to stop. From then on what is for it meets the shard's own bookkeeping, which keeps it for the next incarnation.</para>
/// </remarks>
/// <param name="serverType">The type.</param>
/// <param name="region">Its shard region.</param>
internal sealed class Shortcuts(string serverType, IActorRef region)
{
    private const int LockCount = 64;

    // By the region a server's mailbox is as long as need be, too; but if the region loses the message that opens a shortcut, nothing must wait for it.
    private const int MaxHeld = 1000;

    private readonly ConcurrentDictionary<string, Shortcut> _shortcuts = new(StringComparer.Ordinal);
    private readonly Lock[] _locks = [.. Enumerable.Range(0, LockCount).Select(_ => new Lock())];

    public int Count => _shortcuts.Count;

    public void Send(ServerEnvelope envelope, IActorRef sender)
    {
        if (!_shortcuts.TryGetValue(envelope.Key, out var shortcut) || !shortcut.TrySend(envelope, sender))
        {
            SendByRegion(envelope, sender);
        }
    }

    /// <summary>Has a shortcut opened as soon as what is under way to the server has come. Called by the server.</summary>
    public Shortcut Prepare(string key, IActorRef server)
    {
        // Random: when the shard moves at this very moment the message may come to the same server of another node, which must not take it for its own.
        var shortcut = new Shortcut(key, RandomId.Next(), server);
        lock (LockOf(key))
        {
            if (_shortcuts.TryRemove(key, out var before))
            {
                before.Close(region);
            }

            _shortcuts[key] = shortcut;
            region.Tell(new ControlEnvelope(serverType, key, shortcut.Number, ControlVerb.OpenShortcut), ActorRefs.NoSender);
        }

        return shortcut;
    }

    /// <summary>What was under way by the region has come. Called by the server.</summary>
    /// <returns>False: it was given up meanwhile.</returns>
    public bool TryOpen(Shortcut shortcut)
    {
        lock (LockOf(shortcut.Key))
        {
            if (!_shortcuts.TryGetValue(shortcut.Key, out var current) || current != shortcut)
            {
                return false;
            }

            shortcut.Open();
            return true;
        }
    }

    public void Close(Shortcut shortcut)
    {
        lock (LockOf(shortcut.Key))
        {
            _shortcuts.TryRemove(new(shortcut.Key, shortcut));
            shortcut.Close(region);
        }
    }

    private void SendByRegion(ServerEnvelope envelope, IActorRef sender)
    {
        lock (LockOf(envelope.Key))
        {
            if (_shortcuts.TryGetValue(envelope.Key, out var shortcut))
            {
                if (shortcut.TrySend(envelope, sender))
                {
                    return;
                }

                // A call that comes again has waited long enough: perhaps for what will not come.
                if (shortcut.Hold(envelope, sender) >= MaxHeld || envelope is CallEnvelope { IsRepeat: true })
                {
                    Close(shortcut);
                }

                return;
            }

            region.Tell(envelope, sender);
        }
    }

    private Lock LockOf(string key) => _locks[(uint)key.GetHashCode(StringComparison.Ordinal) % LockCount];
}
