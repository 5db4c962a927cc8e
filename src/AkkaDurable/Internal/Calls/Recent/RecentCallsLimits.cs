namespace AkkaDurable.Internal.Calls.Recent;

/// <summary>How much a server remembers of its last calls.</summary>
/// <param name="Replies">Of how many it keeps the reply; and how many calls with a given id it keeps.</param>
/// <param name="ReplyBytes">How many bytes these may have together.</param>
/// <param name="KeepFor">How long it remembers calls of a node that is silent, and calls with a given id; in milliseconds.</param>
internal sealed record RecentCallsLimits(int Replies, int ReplyBytes, long KeepFor)
{
    // That a call ran takes a byte or two to remember, so of many more than have their reply.
    private const int IdsPerReply = 16;

    /// <summary>The most calling nodes of which anything is remembered.</summary>
    public const int Callers = 1_000;

    /// <summary>How the replies are written; null: as JSON.</summary>
    public DurableCodec? Codec { get; init; }

    public int Ids => Replies * IdsPerReply;
}
