using AkkaDurable.Sql.Internal.Writing;

namespace AkkaDurable.Sql.Tests.Writing;

public sealed class WriteBacklogTests
{
    [Fact]
    public void Only_so_many_operations_wait()
    {
        var backlog = new WriteBacklog(2);
        Assert.True(backlog.TryEnter());
        Assert.True(backlog.TryEnter());
        Assert.False(backlog.TryEnter());
        Assert.False(backlog.TryEnter());

        backlog.Leave(1, 0);

        Assert.True(backlog.TryEnter());
        Assert.False(backlog.TryEnter());
    }

    [Fact]
    public void Only_so_many_bytes_of_states_wait_and_what_has_no_state_still_gets_in()
    {
        var backlog = new WriteBacklog(100, mostBytes: 1_000);
        Assert.True(backlog.TryEnter(600));
        Assert.True(backlog.TryEnter(400));
        Assert.False(backlog.TryEnter(1));
        Assert.True(backlog.TryEnter(0));

        backlog.Leave(1, 400);

        Assert.False(backlog.TryEnter(401));
        Assert.True(backlog.TryEnter(400));
    }

    [Fact]
    public void A_state_beyond_the_bound_gets_in_when_no_other_waits()
    {
        var backlog = new WriteBacklog(100, mostBytes: 1_000);

        Assert.True(backlog.TryEnter(5_000));
        Assert.False(backlog.TryEnter(1));
        backlog.Leave(1, 5_000);
        Assert.True(backlog.TryEnter(1_000));
    }

    [Fact]
    public void Those_that_are_never_refused_count_too()
    {
        var backlog = new WriteBacklog(1);
        backlog.Enter();
        backlog.Enter();
        Assert.False(backlog.TryEnter());

        backlog.Leave(2, 0);

        Assert.True(backlog.TryEnter());
    }
}
