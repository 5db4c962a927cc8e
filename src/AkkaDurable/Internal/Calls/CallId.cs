namespace AkkaDurable.Internal.Calls;

/// <summary>What tells a call from all others, on all its ways to the server: either this node's own number for it, or an id that the caller gave.</summary>
/// <param name="Session">The random number of the calling node's incarnation; 0: the call has no id and is never sent again.</param>
/// <param name="Sequence">The call's number in its lane.</param>
/// <param name="OpenFrom">The oldest call of the lane that was open when this one was made.</param>
/// <param name="Given">The id that the caller gave, in place of the numbers.</param>
internal readonly record struct CallId(long Session, long Sequence, long OpenFrom, string? Given = null)
{
    public bool IsNone => Session == 0 && Given is null;

    /// <summary>For people, and for logs.</summary>
    public string Text => Given ?? (Session == 0 ? "" : $"{Session:x16}-{Sequence}");
}
