using System.Runtime.InteropServices;
using AkkaDurable.Internal.Wire;

namespace AkkaDurable.Internal.Calls.Recent;

/// <summary>A call that ran, with its reply while that is remembered. The reply stays an object until it is first needed as bytes: most are forgotten before.</summary>
internal struct RecentCall
{
    private static readonly object s_null = new();

    // Bytes, also as the EncodedPayload that they came in. While there is a type: the reply itself.
    private object? _reply;
    private MessageType? _type;

    public RecentCall(long sequence) => Sequence = sequence;

    /// <summary>The call's number; of one with a given id, when it ran.</summary>
    public long Sequence { get; }

    public readonly bool HasReply => _reply is not null;

    /// <summary>The reply's bytes, once it has been written.</summary>
    public readonly ReadOnlySpan<byte> Written => _type is not null ? default : _reply switch
    {
        byte[] bytes => bytes,
        EncodedPayload payload => payload.Json.Span,
        _ => default,
    };

    /// <summary>Takes the bytes of a reply out of what is stored, which may be much more and is not kept for their sake.</summary>
    public void SetReply(ReadOnlySpan<byte> written)
    {
        _reply = written.ToArray();
        _type = null;
    }

    /// <summary>Remembers what was replied; null for a handler that has not replied yet.</summary>
    public void SetReply(ReplyEnvelope? reply, MessageType? type)
    {
        if (reply?.Value is EncodedPayload encoded)
        {
            _reply = encoded;
            _type = null;
        }
        else if (reply is not null && type is not null)
        {
            _reply = reply.Value ?? s_null;
            _type = type;
        }
    }

    public void DropReply()
    {
        _reply = null;
        _type = null;
    }

    /// <summary>Has the reply be bytes. One that cannot be written is no longer remembered.</summary>
    public void Write(DurableCodec? codec)
    {
        if (_type is null)
        {
            return;
        }

        try
        {
            var bytes = Payloads.Write(ReferenceEquals(_reply, s_null) ? null : _reply, _type.ReplyType!, _type.Json, codec);
            _reply = MemoryMarshal.TryGetArray(bytes, out var array) && array.Count == array.Array!.Length ? array.Array : bytes.ToArray();
            _type = null;
        }
        catch (Exception)
        {
            // Also whatever a getter of the reply's own throws: a caller on the same node gets the object itself, which need not survive being written. That the call ran is remembered all the same.
            DropReply();
        }
    }

    /// <summary>The reply as it is sent, once it has been written; null when it is not remembered.</summary>
    public readonly EncodedPayload? ToPayload() => _type is not null ? null : _reply switch
    {
        byte[] bytes => new EncodedPayload("", bytes),
        var payload => payload as EncodedPayload,
    };
}
