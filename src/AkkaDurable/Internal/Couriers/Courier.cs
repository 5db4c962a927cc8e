using System.Runtime.Serialization;
using Akka.Actor;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Wire;

namespace AkkaDurable.Internal.Couriers;

/// <summary>
/// Where other nodes send their batches: an actor reference without a mailbox, at a path that holds the uid of this node's incarnation, so that nothing meant for an earlier one at the same address gets here.
/// It hands calls to this node's servers, by their shortcuts or the local shard region, which makes the last hop, and replies to the calls that wait.
/// </summary>
internal sealed class Courier(Peers peers, ActorPath path) : MinimalActorRef
{
    private long _batches;
    private long _entries;

    public override ActorPath Path { get; } = path;

    public override IActorRefProvider Provider => peers.Provider;

    public long BatchesReceived => Volatile.Read(ref _batches);

    public long EntriesReceived => Volatile.Read(ref _entries);

    protected override void TellInternal(object message, IActorRef sender)
    {
        switch (message)
        {
            case IncomingBatch batch:
                Interlocked.Increment(ref _batches);
                Unpack(batch.Bytes.Span, peers.From(sender));
                break;
            case ReplyEnvelope reply:
                // By itself: from a server whose shard had moved on from where this node thought it to be.
                peers.Complete(reply, sender);
                break;
        }
    }

    private void Unpack(ReadOnlySpan<byte> bytes, Peer from)
    {
        var reader = new BatchReader(bytes);
        while (reader.TryRead(out var kind, out var body))
        {
            Interlocked.Increment(ref _entries);
            try
            {
                Deliver(kind, body, from);
            }
            catch (SerializationException exception)
            {
                peers.LogEntryRefused(from, exception);
            }
        }

        if (reader.Defect is { } defect)
        {
            peers.LogBatchRefused(from, bytes.Length, defect);
        }
    }

    private void Deliver(EntryKind kind, ReadOnlySpan<byte> body, Peer from)
    {
        var manifest = kind.Manifest() ?? throw new SerializationException("It is of a kind that this version does not know, or has no readable content.");
        var message = WireSerializer.Read(body, manifest);
        if (message is ReplyEnvelope reply)
        {
            peers.Complete(reply, from);
        }
        else if (message is ServerEnvelope envelope)
        {
            var route = peers.RouteOf(envelope.ServerType);
            if (kind.IsReturned())
            {
                // The guess was wrong and the other node could not pass it on: the region finds the way.
                route?.Homes.Forget(envelope.Key, from);
                route?.Shortcuts.Send(envelope, peers.ReplyTo);
            }
            else if (route is null || route.IsEnded)
            {
                from.Return(kind, body);
            }
            else
            {
                route.Shortcuts.Send(envelope, from.Caller);
            }
        }
    }
}
