using AkkaDurable.TestKit;

namespace AkkaDurable.Tests.Review;

public sealed record SetLink(Uri Link) : ICall<bool>;

public sealed record Page(Uri Link);

public sealed class PageServer : DurableServer<Page>
{
    protected override Page InitialState => new(new Uri("http://host/page#a"));

    protected override ValueTask<CallResult> HandleCall(object request, From from, Page state) => request switch
    {
        SetLink set => Reply(true, new Page(set.Link)),
        _ => Unhandled(request),
    };
}

public sealed record SetAmount(int Amount) : ICall<bool>;

/// <summary>Equal by its identity, as entities often are.</summary>
public sealed record Position(string Id, int Amount)
{
    public bool Equals(Position? other) => other?.Id == Id;

    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);
}

public sealed class PositionServer : DurableServer<Position>
{
    protected override Position InitialState => new("a", 0);

    protected override ValueTask<CallResult> HandleCall(object request, From from, Position state) => request switch
    {
        SetAmount set => Reply(true, state with { Amount = set.Amount }),
        _ => Unhandled(request),
    };
}

public sealed record GetTicket : ICall<Guid>;

public sealed record Ticket(Guid Number);

public sealed class TicketServer : DurableServer<Ticket>
{
    protected override Ticket InitialState => new(Guid.NewGuid());

    protected override ValueTask<CallResult> HandleCall(object request, From from, Ticket state) => Reply(state.Number, state);
}

/// <summary>What left before it was stored, and what was acknowledged and lost.</summary>
public sealed class LeakTests
{
    [Fact]
    public async Task A_change_that_the_states_own_equality_does_not_see_is_stored_before_it_is_acknowledged()
    {
        await using var position = ServerProbe.For(() => new PositionServer());
        Assert.True(await position.CallAsync(new SetAmount(5)));
        await position.RestartAsync();
        Assert.Equal(5, position.State.Amount);
    }

    [Fact]
    public async Task A_changed_fragment_of_a_uri_is_stored_before_it_is_acknowledged()
    {
        await using var page = ServerProbe.For(() => new PageServer());
        Assert.True(await page.CallAsync(new SetLink(new Uri("http://host/page#b"))));
        await page.RestartAsync();
        Assert.Equal("#b", page.State.Link.Fragment);
    }

    [Fact]
    public async Task What_was_told_of_an_initial_state_survives_a_crash()
    {
        await using var ticket = ServerProbe.For(() => new TicketServer());
        var told = await ticket.CallAsync(new GetTicket());
        await ticket.RestartAsync();
        Assert.Equal(told, await ticket.CallAsync(new GetTicket()));
    }

    [Fact]
    public async Task What_was_told_of_an_initial_state_survives_an_orderly_stop()
    {
        await using var ticket = ServerProbe.For(() => new TicketServer());
        var told = await ticket.CallAsync(new GetTicket());
        await ticket.StopAsync();
        Assert.Equal(told, await ticket.CallAsync(new GetTicket()));
    }

    [Fact]
    public async Task The_first_change_of_a_resumed_server_is_saved_even_if_nothing_waits_for_it()
    {
        await using var counter = ServerProbe.For(() => new Counter());
        await counter.CallAsync(new Increment(5));
        await counter.RestartAsync();
        await counter.CastAsync(new Reset());
        await counter.RestartAsync();
        Assert.Equal(0, counter.State.Count);
    }

    [Fact]
    public async Task A_stale_server_that_lost_its_record_while_a_handler_awaits_sends_nothing_of_its_lost_state()
    {
        await using var stale = ServerProbe.For(() => new Hooked()).Stub<Neighbour>((_, _) => 0);
        await stale.StartAsync();
        await using var owner = stale.OnAnotherNode();
        var (until, done) = (new TaskCompletionSource(), new TaskCompletionSource());
        Task<int> lost;
        using (stale.HoldSaves())
        {
            lost = stale.CallAsync(new Increment(7));
            await stale.CastAsync(new WaitThenCast(until.Task, done));
            await owner.StartAsync();
        }

        await Assert.ThrowsAsync<OwnershipLostException>(() => lost);
        until.SetResult();
        await done.Task;
        Assert.Empty(stale.Sent);
    }

    [Fact]
    public async Task A_server_that_was_ended_by_force_while_a_handler_awaits_sends_nothing_of_its_lost_state()
    {
        await using var counter = ServerProbe.For(() => new Hooked()).Stub<Neighbour>((_, _) => 0);
        await counter.StartAsync();
        var (until, done) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var hold = counter.HoldSaves();
        _ = counter.CallAsync(new Increment(7));
        await counter.CastAsync(new WaitThenCast(until.Task, done));
        await counter.CrashAsync();
        until.SetResult();
        await done.Task;
        Assert.Empty(counter.Sent);
    }

    // The other side: what was never part of the lost state is not to be dropped for ever.
    [Fact]
    public async Task A_task_that_a_handler_left_behind_sends_like_anybody_else_once_the_handler_has_ended_even_if_its_server_was_lost_meanwhile()
    {
        await using var stale = ServerProbe.For(() => new Hooked()).Stub<Neighbour>((_, _) => 0);
        await stale.StartAsync();
        await using var owner = stale.OnAnotherNode();
        var (until, castWhen, done) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        Task<int> lost;
        using (stale.HoldSaves())
        {
            lost = stale.CallAsync(new Increment(7));
            await stale.CastAsync(new LeaveBehind(until.Task, castWhen.Task, done));
            await owner.StartAsync();
        }

        await Assert.ThrowsAsync<OwnershipLostException>(() => lost);
        await Task.Run(until.SetResult);
        await stale.SettleAsync();
        castWhen.SetResult();
        await done.Task;
        Assert.Single(stale.Sent);
    }
}
