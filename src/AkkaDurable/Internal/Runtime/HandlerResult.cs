using AkkaDurable.Internal.Groups;

namespace AkkaDurable.Internal.Runtime;

internal enum ResultKind : byte
{
    // A default result: the handler returned default(...) instead of one of the verbs.
    None = 0,
    Reply,
    NoReply,
    Stop,
    StopWithReply,
    Unhandled,
    Ignore,
}

/// <summary>What a handler returned, without its state's type. Small, since it travels by value; the rarer modifiers live in an object that most results do without.</summary>
internal readonly struct HandlerResult
{
    public HandlerResult(ResultKind kind, object? state, object? reply = null, Extras? extras = null, bool save = false)
    {
        Kind = kind;
        State = state;
        ReplyValue = reply;
        Modifiers = extras;
        Save = save;
    }

    public ResultKind Kind { get; }

    public bool Save { get; }

    public object? State { get; }

    public object? ReplyValue { get; }

    public Extras? Modifiers { get; }

    public bool IsReply => Kind is ResultKind.Reply or ResultKind.StopWithReply;

    public bool IsStop => Kind is ResultKind.Stop or ResultKind.StopWithReply;

    public HandlerResult WithSave() => new(Kind, State, ReplyValue, Modifiers, save: true);

    public HandlerResult With(StopReason reason) => With((Modifiers ?? new()) with { Reason = reason });

    public HandlerResult WithContinue(object step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return With((Modifiers ?? new()) with { Continue = step });
    }

    public HandlerResult WithIdleAfter(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero);
        return With((Modifiers ?? new()) with { IdleAfter = time });
    }

    public HandlerResult WithMeta(IReadOnlyDictionary<string, string> meta)
    {
        ArgumentNullException.ThrowIfNull(meta);
        return With((Modifiers ?? new()) with { Meta = GroupRule.CopyMeta(meta) });
    }

    public HandlerResult WithPermanent(bool isPermanent) => With((Modifiers ?? new()) with { Permanent = isPermanent });

    private HandlerResult With(Extras extras) => new(Kind, State, ReplyValue, extras, Save);

    internal sealed record Extras
    {
        public StopReason? Reason { get; init; }

        public object? Continue { get; init; }

        public TimeSpan? IdleAfter { get; init; }

        public bool? Permanent { get; init; }

        public IReadOnlyDictionary<string, string>? Meta { get; init; }
    }
}
