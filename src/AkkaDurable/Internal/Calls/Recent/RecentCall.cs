using AkkaDurable.Internal.Wire;

namespace AkkaDurable.Internal.Calls.Recent;

/// <summary>A call that ran, with its reply while that is remembered. The reply stays an object until it is first needed as bytes: most are forgotten before.</summary>
internal struct RecentCall
{
    private object? _reply;
    private MessageType? _type;

    public RecentCall(long sequence) => Sequence = sequence;

    /// <summary>The call's number; of one with a given id, when it ran.</summary>
    public long Sequence { get; }

    public readonly bool HasReply => _reply is not null;

    /// <summary>The reply's size once it is bytes.</summary>
    public readonly int Bytes => _reply is EncodedPayload encoded ? encoded.Json.Length : 0;

    public void SetReply(ReadOnlyMemory<byte> json)
    {
        _reply = new EncodedPayload("", json);
        _type = null;
    }

    /// <summary>Remembers what was replied; null for a handler that has not replied yet.</summary>
    public void SetReply(ReplyEnvelope? reply, MessageType? type, DurableCodec? codec)
    {
        if (reply?.Value is EncodedPayload encoded)
        {
            // Of the message that it came with; its bytes are not kept for the reply's sake.
            _reply = encoded;
        }
        else if (reply is not null && type is not null)
        {
            _reply = new Unwritten(reply.Value, codec);
            _type = type;
        }
    }

    public void DropReply()
    {
        _reply = null;
        _type = null;
    }

    /// <summary>The reply as bytes; null when it is not remembered, or cannot be written.</summary>
    public EncodedPayload? Encode()
    {
        if (_reply is not Unwritten unwritten)
        {
            return (EncodedPayload?)_reply;
        }

        try
        {
            SetReply(Payloads.Write(unwritten.Value, _type!.ReplyType!, _type.Json, unwritten.Codec));
        }
        catch (Exception)
        {
            // Also whatever a getter of the reply's own throws: a caller on the same node gets the object itself, which need not survive being written. That the call ran is remembered all the same.
            DropReply();
        }

        return (EncodedPayload?)_reply;
    }

    private sealed record Unwritten(object? Value, DurableCodec? Codec);
}
