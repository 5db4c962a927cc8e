using Akka.Actor;
using AkkaDurable.Internal.Runtime;

namespace AkkaDurable.Internal.Groups;

/// <summary>Where a server's requests to its node's hub leave the output gate. Once the server has ended nothing leaves any more, so that nothing of it stays in a group.</summary>
internal sealed class GateEnd(LifecycleNotes hub) : ICanTell
{
    private readonly Lock _lock = new();
    private bool _isClosed;

    /// <summary>In a handler when its state is stored, else at once.</summary>
    public void Send(object request)
    {
        var output = new Output(this, request, ActorRefs.Nobody);
        if (Turn.Current is not { } turn || !turn.TryAdd(output))
        {
            output.Send();
        }
    }

    public void Tell(object message, IActorRef sender)
    {
        lock (_lock)
        {
            if (!_isClosed)
            {
                hub.Tell(message);
            }
        }
    }

    public void Close(object lastRequest)
    {
        lock (_lock)
        {
            _isClosed = true;
            hub.Tell(lastRequest);
        }
    }
}
