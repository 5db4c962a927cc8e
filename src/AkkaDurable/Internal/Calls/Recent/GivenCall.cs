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

    /// <summary>The reply's bytes, once it has been written.</summary>
    public ReadOnlySpan<byte> Written => _call.Written;

    public void Write(DurableCodec? codec) => _call.Write(codec);

    public EncodedPayload? ToPayload() => _call.ToPayload();

    /// <returns>By how many the replies have become more.</returns>
    public int SetReply(ReplyEnvelope reply, MessageType? type)
    {
        var before = HasReply;
        _call.SetReply(reply, type);
        return (HasReply ? 1 : 0) - (before ? 1 : 0);
    }

    /// <returns>How many bytes it had.</returns>
    public int DropReply()
    {
        var bytes = _call.Written.Length;
        _call.DropReply();
        return bytes;
    }
}
