using AkkaDurable.TestKit;

namespace AkkaDurable.Tests.State;

public sealed record AddItem(string Item) : ICall<int>;

public sealed record CountItems : ICall<int>;

public sealed record AddSlowly(string Item, Task Until) : ICall<int>;

public sealed class Basket
{
    public List<string> Items { get; set; } = [];
}

/// <summary>Changes its state in place, as people do who come from classes.</summary>
public sealed class BasketServer : DurableServer<Basket>
{
    protected override Basket InitialState => new();

    protected override async ValueTask<CallResult> HandleCall(object request, From from, Basket state)
    {
        switch (request)
        {
            case AddItem add:
                state.Items.Add(add.Item);
                return Reply(state.Items.Count, state);
            case AddSlowly add:
                state.Items.Add("half");
                await add.Until;
                state.Items[^1] = add.Item;
                return Reply(state.Items.Count, state);
            default:
                return Reply(state.Items.Count, state);
        }
    }
}

public sealed class MutableStateTests
{
    [Fact]
    public async Task A_state_that_was_changed_in_place_is_saved_before_the_reply()
    {
        await using var basket = ServerProbe.For(() => new BasketServer());
        Assert.Equal(1, await basket.CallAsync(new AddItem("apple")));
        Assert.Equal(2, await basket.CallAsync(new AddItem("pear")));
        await basket.RestartAsync();
        Assert.Equal(["apple", "pear"], basket.State.Items);
    }

    [Fact]
    public async Task A_read_of_a_mutable_state_writes_nothing()
    {
        await using var basket = ServerProbe.For(() => new BasketServer());
        await basket.CallAsync(new AddItem("apple"));
        await basket.CallAsync(new CountItems());
        await basket.CallAsync(new CountItems());
        Assert.Equal(1, basket.Saves);
    }

    [Fact]
    public async Task A_save_during_an_awaiting_handler_never_stores_its_half_done_change()
    {
        await using var basket = ServerProbe.For(() => new BasketServer());
        await basket.StartAsync();
        var until = new TaskCompletionSource();
        Task<int> first, second, slow;
        using (var hold = basket.HoldSaves())
        {
            first = basket.CallAsync(new AddItem("one"));
            second = basket.CallAsync(new AddItem("two"));
            await basket.SettleAsync();
            slow = basket.CallAsync(new AddSlowly("three", until.Task));
            await basket.SettleAsync();
            hold.LetOneThrough();
            Assert.Equal(1, await first);
            hold.LetOneThrough();
            Assert.Equal(2, await second);
            Assert.Equal("""{"Items":["one","two"]}""", System.Text.Encoding.UTF8.GetString((await basket.ReadStoredAsync())!.State!.Value.Span));
        }

        until.SetResult();
        Assert.Equal(3, await slow);
        await basket.RestartAsync();
        Assert.Equal(["one", "two", "three"], basket.State.Items);
    }

    [Fact]
    public async Task An_interval_that_ends_during_an_awaiting_handler_waits_for_its_whole_change()
    {
        await using var basket = ServerProbe.For(() => new BasketServer(), configure: o => o.Save = SavePolicy.Every(TimeSpan.FromSeconds(1)));
        await basket.CallAsync(new AddItem("one"));
        var until = new TaskCompletionSource();
        var slow = basket.CallAsync(new AddSlowly("two", until.Task));
        await basket.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(0, basket.Saves);

        until.SetResult();
        Assert.Equal(2, await slow);
        await basket.SettleAsync();
        await basket.RestartAsync();
        Assert.Equal(["one", "two"], basket.State.Items);
    }

    [Fact]
    public async Task A_server_that_was_only_started_and_stopped_has_stored_its_initial_state()
    {
        await using var basket = ServerProbe.For(() => new BasketServer(), configure: o => o.Save = SavePolicy.OnStop);
        await basket.StartAsync();
        await basket.StopAsync();
        Assert.Equal("""{"Items":[]}""", System.Text.Encoding.UTF8.GetString((await basket.ReadStoredAsync())!.State!.Value.Span));
        Assert.Equal(0, await basket.CallAsync(new CountItems()));
    }

    [Fact]
    public async Task A_mutable_state_is_saved_by_the_interval_too()
    {
        await using var basket = ServerProbe.For(() => new BasketServer(), configure: o => o.Save = SavePolicy.Every(TimeSpan.FromSeconds(10)));
        await basket.CallAsync(new AddItem("apple"));
        await basket.AdvanceAsync(TimeSpan.FromSeconds(10));
        await basket.CallAsync(new AddItem("pear"));
        await basket.AdvanceAsync(TimeSpan.FromSeconds(10));
        await basket.RestartAsync();
        Assert.Equal(["apple", "pear"], basket.State.Items);
    }

    [Fact]
    public async Task A_change_made_while_an_interval_save_was_under_way_is_saved_by_the_next()
    {
        await using var basket = ServerProbe.For(() => new BasketServer(), configure: o => o.Save = SavePolicy.Every(TimeSpan.FromSeconds(10)));
        using (basket.HoldSaves())
        {
            await basket.CallAsync(new AddItem("apple"));
            await basket.AdvanceAsync(TimeSpan.FromSeconds(10));
            await basket.CallAsync(new AddItem("pear"));
        }

        await basket.SettleAsync();
        await basket.AdvanceAsync(TimeSpan.FromSeconds(10));
        await basket.SettleAsync();
        await basket.RestartAsync();
        Assert.Equal(["apple", "pear"], basket.State.Items);
    }
}
