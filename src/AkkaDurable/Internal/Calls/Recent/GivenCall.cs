using AkkaDurable.Internal.Wire;

namespace AkkaDurable.Internal.Calls.Recent;

/// <summary>A call that ran under an id that its caller gave.</summary>
internal sealed class GivenCall(string id, RecentCall call)
{
    private RecentCall _call = call;

    public string Id { get; } = id;

    /// <summary>Milliseconds of Unix time.</summary>
    public long RanAt => _call.Sequence;

    public bool HasReply => _call.HasReply;

    public EncodedPayload? Encode() => _call.Encode();

    /// <returns>By how many the replies have become more.</returns>
    public int SetReply(ReplyEnvelope reply, MessageType? type, DurableCodec? codec)
    {
        var before = HasReply;
        _call.SetReply(reply, type, codec);
        return (HasReply ? 1 : 0) - (before ? 1 : 0);
    }

    /// <returns>How many bytes it had.</returns>
    public int DropReply()
    {
        var bytes = _call.Bytes;
        _call.DropReply();
        return bytes;
    }
}
