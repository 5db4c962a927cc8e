namespace AkkaDurable.Cluster.Tests;

public sealed record TallyState(int Count);

public sealed record Increment(int By = 1) : ICall<int>;

public sealed record GetCount : ICall<int>;

public sealed record Echo(string Text) : ICall<string>;

public sealed record MakeReply(int Bytes) : ICall<string>;

public sealed record BadReply : ICall<Unwritable>;

public sealed record WrongReply : ICall<int>;

public sealed record Fail(string Message) : ICall<int>;

public sealed record FailAtLength(int Length) : ICall<int>;

public sealed record NobodyKnows : ICall<int>;

public sealed record WithUnwritable(Unwritable Thing) : ICall<int>;

public sealed record Add(int By) : ICast;


public sealed record AskOther(string Key) : ICall<int>;

public sealed class Unwritable
{
    public Unwritable Self => this;
}

public sealed class Tally : DurableServer<TallyState>
{
    protected override TallyState InitialState => new(0);

    protected override async ValueTask<CallResult> HandleCall(object request, From from, TallyState state) => request switch
    {
        Increment inc => Reply(state.Count + inc.By, new TallyState(state.Count + inc.By)),
        GetCount => Reply(state.Count, state),
        Echo echo => Reply(echo.Text, state),
        MakeReply make => Reply(new string('x', make.Bytes), new TallyState(state.Count + 1)),
        BadReply => Reply(new Unwritable(), new TallyState(state.Count + 1)),
        WrongReply => Reply("no number", new TallyState(state.Count + 1)),
        Fail fail => throw new InvalidOperationException(fail.Message),
        FailAtLength fail => throw new InvalidOperationException(new string('x', fail.Length)),
        WithUnwritable => Reply(1, state),
        AskOther ask => Reply(await Context.Servers<Tally>()[ask.Key].CallAsync(new GetCount()), state),
        _ => Unhandled(request),
    };

    protected override ValueTask<Next> HandleCast(object message, TallyState state) => message switch
    {
        Add add => NoReply(new TallyState(state.Count + add.By)),
        _ => Unhandled(message),
    };
}
