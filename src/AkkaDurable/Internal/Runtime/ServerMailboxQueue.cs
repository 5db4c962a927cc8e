using Akka.Actor;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;
using AkkaDurable.Internal.Calls;

namespace AkkaDurable.Internal.Runtime;

/// <summary>
/// An unbounded queue with many writers and, as Akka runs an actor on one thread at a time, one reader: a linked list, whose first link is the one that was read last. A writer takes the end of the list for itself and then
/// ties its message to what was the end before, so nobody ever waits for a lock.
/// </summary>
internal sealed class ServerMailboxQueue : IMessageQueue, IUnboundedMessageQueueSemantics
{
    private Link _first;
    private Link _last;

    // A link that was read and unhooked, for the next message: no writer knows of it any more, since the one that tied the next link to it is done.
    private Link? _spare;

    public ServerMailboxQueue() => _first = _last = new Link();

    // Also read by a thread that has just handed the actor over to another one. Whoever adds a message after that schedules the actor itself.
    public bool HasMessages => Volatile.Read(ref _first) != Volatile.Read(ref _last);

    public int Count
    {
        get
        {
            var count = 0;
            for (var link = Volatile.Read(ref _first).Next; link is not null; link = link.Next)
            {
                count++;
            }

            return count;
        }
    }

    public void Enqueue(IActorRef receiver, Envelope envelope)
    {
        // From here on it may run, however long the server is busy: it has found its place. One that was withdrawn before is left out by the server.
        if (envelope.Message is CallEnvelope or ControlEnvelope)
        {
            ((ServerEnvelope)envelope.Message).TryTake();
        }

        var link = Interlocked.Exchange(ref _spare, null) ?? new Link();
        link.Put(envelope);
        Interlocked.Exchange(ref _last, link).Next = link;
    }

    public bool TryDequeue(out Envelope envelope)
    {
        var first = _first;
        var next = first.Next;
        if (next is null)
        {
            if (first == Volatile.Read(ref _last))
            {
                envelope = default;
                return false;
            }

            // A writer is between its two steps.
            var wait = default(SpinWait);
            while ((next = first.Next) is null)
            {
                wait.SpinOnce();
            }
        }

        Volatile.Write(ref _first, next);
        envelope = next.Take();

        // Links that were read must not keep later ones alive: the collector may have moved them to where it seldom looks.
        first.Next = null;
        Volatile.Write(ref _spare, first);
        return true;
    }

    public void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        while (TryDequeue(out var envelope))
        {
            deadletters.Enqueue(owner, envelope);
        }
    }

    private sealed class Link
    {
        private Envelope _envelope;
        private volatile Link? _next;

        public Link? Next { get => _next; set => _next = value; }

        public void Put(in Envelope envelope) => _envelope = envelope;

        public Envelope Take()
        {
            var taken = _envelope;
            _envelope = default;
            return taken;
        }
    }
}
