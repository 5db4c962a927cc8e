namespace AkkaDurable.Tests.Snippets;

public sealed record Order(string? Receipt = null, bool IsShipped = false);

public sealed record Checkout(string Card) : ICall<string>;

public sealed record IsShipped : ICall<bool>;

public interface IPayments
{
    Task<string> PayAsync(string card, string idempotencyKey);
}

#region order
public sealed class OrderServer(IPayments payments) : DurableServer<Order>       // constructor injection from the app's services
{
    protected override Order InitialState => new();

    protected override async ValueTask<CallResult> HandleCall(object request, From from, Order order)
    {
        switch (request)
        {
            case Checkout when order.Receipt is { } receipt:
                return Reply(receipt, order);                                    // asked twice: same answer
            case Checkout checkout:
                var paid = await payments.PayAsync(checkout.Card, Context.Key);  // nothing else is handled meanwhile
                return Reply(paid, order with { Receipt = paid }).Continue("ship");
            case IsShipped:
                return Reply(order.IsShipped, order);
            default:
                return Unhandled(request);                                       // the caller gets UnknownMessageException
        }
    }

    protected override ValueTask<Next> HandleContinue(object step, Order order) => NoReply(order with { IsShipped = true });
}
#endregion
