using AkkaDurable;

namespace TelemetryExample;

public sealed record CartState(int Items);

public sealed record Order(string Item) : ICall<int>;

/// <summary>Runs on the first node, and asks the stock on the second one.</summary>
public sealed class Cart : DurableServer<CartState>
{
    protected override CartState InitialState => new(Items: 0);

    protected override async ValueTask<CallResult> HandleCall(object request, From from, CartState state)
    {
        if (request is not Order order)
        {
            return Unhandled(request);
        }

        var item = Context.Servers<Stock>()[order.Item];
        if (await item.CallAsync(new Take()) < 10)
        {
            item.Cast(new Restock(Count: 100));
        }

        return Reply(state.Items + 1, new CartState(state.Items + 1));
    }
}

public sealed record StockState(int Left);

public sealed record Take : ICall<int>;

public sealed record Restock(int Count) : ICast;

/// <summary>Runs on the second node.</summary>
public sealed class Stock : DurableServer<StockState>
{
    protected override StockState InitialState => new(Left: 10);

    protected override ValueTask<CallResult> HandleCall(object request, From from, StockState state) => request switch
    {
        Take when state.Left > 0 => Reply(state.Left - 1, new StockState(state.Left - 1)),
        Take => throw new InvalidOperationException("there is nothing left"),
        _ => Unhandled(request),
    };

    protected override ValueTask<Next> HandleCast(object message, StockState state) => message switch
    {
        Restock restock => NoReply(new StockState(state.Left + restock.Count)),
        _ => Unhandled(message),
    };
}
