using AkkaDurable.TestKit;

namespace AkkaDurable.Tests.Gate;

public sealed class SavePolicyTests
{
    [Fact]
    public async Task Every_replies_at_once_and_saves_when_the_interval_is_over()
    {
        await using var counter = ServerProbe.For(() => new Counter(), configure: o => o.Save = SavePolicy.Every(TimeSpan.FromSeconds(30)));
        using (counter.HoldSaves())
        {
            Assert.Equal(1, await counter.CallAsync(new Increment()));
            Assert.Equal(2, await counter.CallAsync(new Increment()));
        }

        await counter.AdvanceAsync(TimeSpan.FromSeconds(29));
        Assert.Equal(0, counter.Saves);
        await counter.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(1, counter.Saves);

        await counter.RestartAsync();
        Assert.Equal(new CounterState(2), counter.State);
    }

    [Fact]
    public async Task Every_loses_what_was_not_saved_yet_when_the_node_dies()
    {
        await using var counter = ServerProbe.For(() => new Counter(), configure: o => o.Save = SavePolicy.Every(TimeSpan.FromSeconds(30)));
        await counter.CallAsync(new Increment());
        await counter.AdvanceAsync(TimeSpan.FromSeconds(30));
        await counter.CallAsync(new Increment());

        await counter.RestartAsync();
        Assert.Equal(new CounterState(1), counter.State);
    }

    [Fact]
    public async Task OnStop_saves_when_the_server_stops_and_not_before()
    {
        await using var counter = ServerProbe.For(() => new Counter(), configure: o => o.Save = SavePolicy.OnStop);
        await counter.CallAsync(new Increment());
        await counter.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal(0, counter.Saves);

        Assert.True(await counter.StopAsync());
        Assert.Equal(1, counter.Saves);
        Assert.Equal(1001, await counter.CallAsync(new GetCount()));
    }

    [Fact]
    public async Task Save_on_a_result_is_a_strict_boundary_for_that_result()
    {
        await using var counter = ServerProbe.For(() => new Counter(), configure: o => o.Save = SavePolicy.OnStop);
        Task<int> strict;
        using (counter.HoldSaves())
        {
            Assert.Equal(1, await counter.CallAsync(new Increment()));
            strict = counter.CallAsync(new IncrementAndSave());
            await counter.SettleAsync();
            Assert.False(strict.IsCompleted);
        }

        Assert.Equal(2, await strict);
        await counter.RestartAsync();
        Assert.Equal(new CounterState(2), counter.State);
    }

    [Fact]
    public async Task A_given_initial_state_is_stored_before_the_start_is_reported_whatever_the_policy()
    {
        await using var counter = ServerProbe.For(() => new Counter(), configure: o => o.Save = SavePolicy.OnStop);
        Task<StartOutcome> start;
        using (counter.HoldSaves())
        {
            start = counter.StartAsync(new CounterState(77));
            await counter.SettleAsync();
            Assert.False(start.IsCompleted);
        }

        Assert.Equal(StartOutcome.Created, await start);
        await counter.RestartAsync();
        Assert.Equal(new CounterState(77), counter.State);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(86_400_001)]
    public void An_interval_out_of_range_is_refused(int milliseconds)
    {
        var error = Assert.Throws<DurableConfigurationException>(() => SavePolicy.Every(TimeSpan.FromMilliseconds(milliseconds)));
        Assert.Contains("10 ms to 1 day", error.Message, StringComparison.Ordinal);
    }
}
