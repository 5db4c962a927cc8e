using AkkaDurable.TestKit;
using MemoryPack;

namespace AkkaDurable.MemoryPack.Tests.Snippets;

#region types
[MemoryPackable]
public sealed partial record StockState(int Left);

[MemoryPackable]
public sealed partial record Take(int Count) : ICall<int>;

public sealed class Stock : DurableServer<StockState>
{
    protected override StockState InitialState => new(100);

    protected override ValueTask<CallResult> HandleCall(object request, From from, StockState state) => request switch
    {
        Take take => Reply(state.Left - take.Count, new StockState(state.Left - take.Count)),
        _ => Unhandled(request),
    };
}
#endregion

public sealed class StockTests
{
    [Fact]
    public async Task The_server_of_the_page_runs()
    {
        await using var stock = ServerProbe.For(() => new Stock(), configure: options =>
        {
            #region options
            options.Codec = MemoryPackCodec.Instance;
            #endregion
        });
        Assert.Equal(97, await stock.CallAsync(new Take(3)));
        await stock.RestartAsync();
        Assert.Equal(97, stock.State.Left);
    }
}
