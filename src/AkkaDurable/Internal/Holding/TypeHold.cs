using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Runtime;
using AkkaDurable.Storage;

namespace AkkaDurable.Internal.Holding;

/// <summary>
/// Whether the servers of one type may run on this node. While they are held those that run stop in order, and what would start one waits in its queue. Other nodes know nothing of it: the shards stay where they are. Safe
/// for concurrent use.
/// </summary>
internal sealed class TypeHold
{
    private readonly Lock _gate = new();
    private readonly ServerType _type;

    // Servers that neither run nor have left: told of each change.
    private readonly HashSet<ServerProcess> _waiting = [];

    // Permanent servers that would run if they might.
    private readonly HashSet<string> _permanent = new(StringComparer.Ordinal);
    private object? _owner;
    private TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isHeld;

    public TypeHold(ServerType type, bool isHeld)
    {
        _type = type;
        _isHeld = isHeld;
    }

    public bool IsHeld => _isHeld;

    /// <summary>Takes the say over the type, which only one may have at a time.</summary>
    public bool TryOwn(object owner) => Interlocked.CompareExchange(ref _owner, owner, null) is null;

    public void Disown(object owner) => Interlocked.CompareExchange(ref _owner, null, owner);

    /// <summary>Holds the type: no server of it starts from now on, and those that run are asked to stop.</summary>
    /// <returns>Ends when none runs any more. Those that are being started come up and stop.</returns>
    public Task Close()
    {
        Task empty;
        List<ServerProcess> toTell;
        lock (_gate)
        {
            if (!_isHeld)
            {
                _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
                _isHeld = true;
            }

            empty = _empty.Task;
            toTell = [.. _waiting];
        }

        // Whoever came into either table too late for this has read the flag after it was set.
        Interlocked.MemoryBarrier();
        foreach (var server in _type.Activations.Running.Concat(toTell))
        {
            server.Post(HoldChanged.Instance);
        }

        NoteLeft();
        return empty;
    }

    /// <summary>Lets servers start again, those first that wait.</summary>
    public void Open()
    {
        ServerProcess[] waiting;
        string[] permanent;
        lock (_gate)
        {
            _isHeld = false;

            // They leave by themselves: who is told late may find the type held again, and then waits on.
            waiting = [.. _waiting];
            permanent = [.. _permanent];
            _permanent.Clear();
        }

        foreach (var server in waiting)
        {
            server.Post(HoldChanged.Instance);
        }

        foreach (var key in permanent)
        {
            _type.Gateway.Return(new ControlEnvelope(_type.Name, key, 0, ControlVerb.Recover), Akka.Actor.ActorRefs.Nobody);
        }
    }

    /// <summary>Has a server told of the next change.</summary>
    /// <returns>Whether the type is held at this moment.</returns>
    public bool Join(ServerProcess server)
    {
        lock (_gate)
        {
            _waiting.Add(server);
            return _isHeld;
        }
    }

    public void Leave(ServerProcess server)
    {
        lock (_gate)
        {
            _waiting.Remove(server);
        }
    }

    /// <summary>Has a permanent server started when the type is held no more.</summary>
    /// <returns>False: it is not held.</returns>
    public bool TryRecoverLater(string key)
    {
        lock (_gate)
        {
            if (_isHeld)
            {
                _permanent.Add(key);
            }

            return _isHeld;
        }
    }

    /// <summary>A server does not run any more; or none did.</summary>
    public void NoteLeft()
    {
        if (_isHeld && _type.Node.Room.CountOf(_type.Name) == 0)
        {
            lock (_gate)
            {
                if (_isHeld)
                {
                    _empty.TrySetResult();
                }
            }
        }
    }

    /// <summary>What callers are told of a server that waits.</summary>
    public CallFailure FailureOf(ServerId id) =>
        new(FailureKind.Held, $"{id} is not started: servers of the type '{_type.Name}' are held on {_type.Node.Address} until its supervision tree starts the type again. It did not run.");
}
