using AkkaDurable.TestKit;

namespace AkkaDurable.Tests.Snippets;

public sealed class OrderTests
{
    #region probe
    [Fact]
    public async Task A_paid_order_stays_paid_when_its_node_dies()
    {
        await using var order = ServerProbe.For(() => new OrderServer(new FakePayments()), key: "order-7");

        Assert.Equal("receipt-1", await order.CallAsync(new Checkout("4711")));
        await order.CrashAsync();                                                  // kill -9: nothing is left but the store
        Assert.Equal("receipt-1", await order.CallAsync(new Checkout("4711")));
        Assert.True(await order.CallAsync(new IsShipped()));
    }
    #endregion

    private sealed class FakePayments : IPayments
    {
        private int _receipts;

        public Task<string> PayAsync(string card, string idempotencyKey) => Task.FromResult($"receipt-{++_receipts}");
    }
}
