using AkkaDurable.Internal.Placing;
using AkkaDurable.Placement;

namespace AkkaDurable.Tests.Placing;

public sealed class NodeRoomTests
{
    [Fact]
    public void A_full_node_says_which_limit_is_in_the_way()
    {
        var room = new NodeRoom { Limits = new CapacityLimits { MaxServers = 3, MaxServersByType = new Dictionary<string, int> { ["cart"] = 1 } } };

        Assert.Null(room.TryEnter("cart"));
        Assert.Contains("MaxServersByType", room.TryEnter("cart"), StringComparison.Ordinal);
        Assert.Null(room.TryEnter("order"));
        Assert.Null(room.TryEnter("order"));
        Assert.Contains("MaxServers ", room.TryEnter("order"), StringComparison.Ordinal);
        Assert.Equal(new Dictionary<string, int> { ["cart"] = 1, ["order"] = 2 }, room.Counts());
    }

    [Fact]
    public void A_server_that_leaves_makes_room()
    {
        var room = new NodeRoom { Limits = new CapacityLimits { MaxServers = 1 } };

        Assert.Null(room.TryEnter("cart"));
        room.Leave("cart");
        Assert.Null(room.TryEnter("order"));
    }

    [Fact]
    public async Task Of_many_that_start_at_once_none_gets_past_the_limit()
    {
        var room = new NodeRoom { Limits = new CapacityLimits { MaxServers = 100, MaxServersByType = new Dictionary<string, int> { ["t0"] = 10 } } };
        using var start = new Barrier(8);
        var entered = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return Enumerable.Range(0, 200).Count(_ => room.TryEnter($"t{i % 2}") is null);
            },
            TaskCreationOptions.LongRunning)));

        Assert.Equal(100, entered.Sum());
        Assert.Equal(100, room.Counts().Values.Sum());
        Assert.InRange(room.Counts()["t0"], 0, 10);
    }
}
