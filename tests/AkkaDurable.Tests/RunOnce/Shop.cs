namespace AkkaDurable.Tests.RunOnce;

public sealed record ShopState(int Stock, bool IsOpen, string Name = "");

public sealed record Take : ICall<bool>;

public sealed record TakeOrThrow : ICall<bool>;

public sealed record TakeWhenOpen : ICall<bool>;

public sealed record Name(string Value) : ICall<bool>;

public sealed record Deliver(int Count) : ICast;

public sealed record Open : ICast;

/// <summary>Answers the same call today so and tomorrow otherwise.</summary>
public sealed class Shop : DurableServer<ShopState>
{
    protected override ShopState InitialState => new(0, false);

    protected override ValueTask<CallResult> HandleCall(object request, From from, ShopState state) => request switch
    {
        TakeWhenOpen when !state.IsOpen => Unhandled(request),
        TakeOrThrow when state.Stock == 0 => throw new InvalidOperationException("Sold out."),
        Take when state.Stock == 0 => Reply(false, state),
        Name name => Reply(true, state with { Name = name.Value }),
        _ => Reply(true, state with { Stock = state.Stock - 1 }),
    };

    protected override ValueTask<Next> HandleCast(object message, ShopState state) => message switch
    {
        Deliver deliver => NoReply(state with { Stock = state.Stock + deliver.Count }),
        Open => NoReply(state with { IsOpen = true }),
        _ => Unhandled(message),
    };
}
