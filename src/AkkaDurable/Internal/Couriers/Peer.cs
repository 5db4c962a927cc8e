using System.Runtime.Serialization;
using Akka.Actor;
using AkkaDurable.Internal.Calls;

namespace AkkaDurable.Internal.Couriers;

/// <summary>Another node of the cluster, one incarnation of it, as messages are sent there: in batches, to its courier. Safe for concurrent use.</summary>
internal sealed class Peer : IThreadPoolWorkItem
{
    // Nothing is known of a pick-up that was lost and not reported; the next message after this long sends for another.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    // More makes batches no larger and replies later: measured with 64 and 512 callers.
    private const int MaxTurns = 8;

    // What one node may owe another.
    private const long DefaultMaxWaitingBytes = 16 * 1024 * 1024;

    private readonly Peers _peers;
    private readonly BatchQueue _queue;

    // Of the pick-up that stands in line.
    private int _seen;
    private int _turns;

    // Of the last batch that left: one by itself tells of a single caller, for whom nobody else sends.
    private int _lastEntries;

    private long _batchesSent;
    private long _entriesSent;

    public Peer(Peers peers, IActorRef courier, long maxWaitingBytes = DefaultMaxWaitingBytes)
    {
        MaxWaitingBytes = maxWaitingBytes;
        _peers = peers;
        Courier = courier;
        Caller = new RemoteCaller(this, peers.Provider);
        _queue = new BatchQueue(peers.BatchBytes, maxWaitingBytes, (long)(s_patience.TotalSeconds * peers.Time.TimestampFrequency));
    }

    public IActorRef Courier { get; }

    public long MaxWaitingBytes { get; }

    /// <summary>The sender of what this node's batches bring.</summary>
    public RemoteCaller Caller { get; }

    /// <summary>Whether servers are called there directly. If not, their region knows better.</summary>
    public bool IsHome => IsServing && IsReachable;

    /// <summary>Whether it is a member that does not leave.</summary>
    public volatile bool IsServing;

    /// <summary>Whether the cluster's failure detector thinks it alive.</summary>
    public volatile bool IsReachable = true;

    public long BatchesSent => Volatile.Read(ref _batchesSent);

    public long EntriesSent => Volatile.Read(ref _entriesSent);

    /// <summary>Sends a message to a server there. One that cannot be written, or does not fit in, fails at once: its caller is told. False: the node is gone, and the message takes another way.</summary>
    public bool TrySend(ServerEnvelope envelope)
    {
        switch (TrySend(KindOf(envelope), envelope))
        {
            case Appended.Closed:
                return false;
            case Appended.Full:
                _peers.Refuse(envelope, this);
                return true;
            default:
                return true;
        }
    }

    /// <summary>Sends a reply to a caller there; it is lost when the node is gone, as any message to it.</summary>
    public void Send(ReplyEnvelope reply)
    {
        if (TrySend(EntryKind.Reply, reply) == Appended.Full)
        {
            _peers.LogReplyDropped(this);
        }
    }

    /// <summary>Sends a message back that came from there and cannot be handed on here.</summary>
    public void Return(EntryKind kind, ReadOnlySpan<byte> body) => Append(kind.Returned(), body);

    /// <summary>Called by Akka.Remote, on the thread that writes to the connection.</summary>
    public byte[] TakeBatch()
    {
        var batch = _queue.Take(_peers.Time.GetTimestamp(), out var isMore);
        if (isMore)
        {
            SendForPickUp();
        }

        Volatile.Write(ref _lastEntries, batch.Entries);
        Interlocked.Increment(ref _batchesSent);
        Interlocked.Add(ref _entriesSent, batch.Entries);
        return batch.Bytes;
    }

    /// <summary>A pick-up came to nothing: the connection is down. What waits is lost, as any message to a node that is out of reach.</summary>
    /// <returns>How many messages are lost.</returns>
    public int Drop() => _queue.Drop();

    /// <summary>The node is gone for good.</summary>
    /// <returns>How many messages are lost.</returns>
    public int Close()
    {
        IsServing = false;
        return _queue.Drop(close: true);
    }

    /// <summary>
    /// A pick-up sets out when what is ready to run on this node has had its turn: that is who will send next, since callers whose replies came in one batch call again together, and servers whose calls came in one
    /// reply together. With nothing else to run this is at once. While more keeps coming it lets the others go first again, a few times. After a batch of one it does not stand in line at all: that would be a hand-over
    /// to another thread for nothing.
    /// </summary>
    void IThreadPoolWorkItem.Execute()
    {
        var waiting = _queue.Growing;
        if (waiting > 1 && waiting > _seen && _turns < MaxTurns)
        {
            (_seen, _turns) = (waiting, _turns + 1);
            StandInLine();
        }
        else
        {
            SendForPickUp();
        }
    }

    public override string ToString() => Courier.Path.Address.ToString();

    private static EntryKind KindOf(ServerEnvelope envelope) => envelope switch
    {
        CallEnvelope => EntryKind.Call,
        CastEnvelope => EntryKind.Cast,
        ControlEnvelope => EntryKind.Control,
        _ => throw new ArgumentOutOfRangeException(nameof(envelope), envelope.GetType(), "not a message of ours"),
    };

    private Appended TrySend(EntryKind kind, IWireMessage message)
    {
        ReadOnlySpan<byte> body;
        try
        {
            body = _peers.Serializer.WriteInPlace(message);
        }
        catch (SerializationException exception)
        {
            // The serializer has told the caller.
            _peers.LogNotSent(this, exception);
            return Appended.Taken;
        }

        return Append(kind, body);
    }

    private Appended Append(EntryKind kind, ReadOnlySpan<byte> body)
    {
        var appended = _queue.Append(kind, body, _peers.Time.GetTimestamp(), out var wantsPickUp);
        if (wantsPickUp && Volatile.Read(ref _lastEntries) <= 1)
        {
            SendForPickUp();
        }
        else if (wantsPickUp)
        {
            (_seen, _turns) = (0, 0);
            StandInLine();
        }

        return appended;
    }

    private void StandInLine() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    private void SendForPickUp() => Courier.Tell(new OutgoingBatch(this), _peers.Courier);
}
