using Microsoft.Extensions.Logging;

namespace AkkaDurable.Hosting.Tests;

public sealed record TallyState(int Count);

public sealed record Add(int By = 1) : ICall<int>;

public sealed record GetNode : ICall<string>;

public sealed record Echo(string Text) : ICall<string>;

public sealed record LogSomething(string Text) : ICall<bool>;

/// <summary>Counts.</summary>
public sealed class Tally : DurableServer<TallyState>
{
    protected override TallyState InitialState => new(0);

    protected override ValueTask<CallResult> HandleCall(object request, From from, TallyState state)
    {
        switch (request)
        {
            case Add add:
                return Reply(state.Count + add.By, new TallyState(state.Count + add.By));
            case Echo echo:
                return Reply(echo.Text, state);
            case LogSomething log:
                Context.Logger.LogInformation("{Text}", log.Text);
                return Reply(true, state);
            default:
                return Unhandled(request);
        }
    }
}

public sealed record GetTime : ICall<DateTimeOffset>;

/// <summary>A second type, and one that tells the time it goes by.</summary>
public sealed class Clock : DurableServer<TallyState>
{
    protected override TallyState InitialState => new(0);

    protected override ValueTask<CallResult> HandleCall(object request, From from, TallyState state) => request switch
    {
        GetTime => Reply(Context.Time.GetUtcNow(), state),
        _ => Unhandled(request),
    };
}

/// <summary>A service of the application.</summary>
public sealed class Greeting
{
    public string Text { get; init; } = "hello";
}

/// <summary>A scoped service that says when it is disposed of.</summary>
public sealed class Ledger(LedgerLog log) : IDisposable
{
    public Guid Id { get; } = Guid.NewGuid();

    public void Dispose() => log.Disposed.TrySetResult(Id);
}

public sealed class LedgerLog
{
    public TaskCompletionSource<Guid> Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

public sealed record GetGreeting : ICall<string>;

public sealed record GetLedger : ICall<Guid>;

/// <summary>A server whose constructor takes services.</summary>
public sealed class Greeter(Greeting greeting, Ledger ledger) : DurableServer<TallyState>
{
    protected override TallyState InitialState => new(0);

    protected override ValueTask<CallResult> HandleCall(object request, From from, TallyState state) => request switch
    {
        GetGreeting => Reply($"{greeting.Text} {Context.Key}", state),
        GetLedger => Reply(ledger.Id, state),
        _ => Unhandled(request),
    };
}
