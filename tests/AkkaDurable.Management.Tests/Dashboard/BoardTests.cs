using System.Text;
using AkkaDurable.Management.Internal.Dashboard;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AkkaDurable.Management.Tests.Dashboard;

public sealed class BoardTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task It_watches_while_there_are_viewers_and_a_little_longer()
    {
        var board = Watching();
        Assert.False(board.IsWatching);
        var first = board.Enter();
        var second = board.Enter();
        Assert.Equal((1L, 2), (board.Runs, board.Viewers));

        first.Dispose();
        first.Dispose();
        Assert.Equal(1, board.Viewers);
        _time.Advance(Board.Linger * 2);
        Assert.True(board.IsWatching);

        // A page that is loaded again does not have it begin anew.
        second.Dispose();
        _time.Advance(Board.Linger / 2);
        var third = board.Enter();
        _time.Advance(Board.Linger);
        Assert.Equal((true, 1L), (board.IsWatching, board.Runs));

        third.Dispose();
        _time.Advance(Board.Linger);
        await _stopped.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(board.IsWatching);
    }

    [Fact]
    public async Task What_a_former_watch_said_is_not_told_to_those_who_come_later()
    {
        var board = Watching();
        var viewer = board.Enter();
        board.Put("nodes", null, "{}"u8);
        board.Tell("{}"u8);
        viewer.Dispose();
        _time.Advance(Board.Linger);
        await _stopped.Task.WaitAsync(TimeSpan.FromSeconds(30));

        using var next = board.Enter();
        var news = board.Since(0);
        Assert.Empty(news.Sections);
        Assert.Empty(news.Events);
        Assert.Equal(2, board.Runs);
    }

    [Fact]
    public void A_slow_viewer_gets_the_newest_of_each_section_and_no_more()
    {
        var board = Watching();
        for (var i = 0; i < 1_000; i++)
        {
            board.Put("shards", "vault", Encoding.UTF8.GetBytes($$"""{"n":{{i}}}"""));
            board.Put("shards", "closed", Encoding.UTF8.GetBytes($$"""{"n":{{-i}}}"""));
        }

        var news = board.Since(0);
        Assert.Equal(["event: shards\ndata: {\"n\":999}\n\n", "event: shards\ndata: {\"n\":-999}\n\n"], news.Sections.Select(section => Encoding.UTF8.GetString(section.Text)));
        Assert.Empty(board.Since(news.Version).Sections);
    }

    [Fact]
    public void The_same_again_is_no_news_but_makes_it_young()
    {
        var board = Watching();
        board.Put("nodes", null, "{\"a\":1}"u8);
        var news = board.Since(0);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(("nodes", TimeSpan.FromSeconds(5)), Assert.Single(board.Ages()));

        board.Put("nodes", null, "{\"a\":1}"u8);
        Assert.False(news.Changed.IsCompleted);
        Assert.Empty(board.Since(news.Version).Sections);
        Assert.Equal(("nodes", TimeSpan.Zero), Assert.Single(board.Ages()));

        board.Put("nodes", null, "{\"a\":2}"u8);
        Assert.True(news.Changed.IsCompleted);
        Assert.Single(board.Since(news.Version).Sections);
    }

    [Fact]
    public void Of_events_the_newest_are_kept_and_the_many_do_not_drive_the_few_out()
    {
        var board = Watching();
        board.Tell("-1"u8);
        for (var i = 0; i < Board.MaxEvents + 50; i++)
        {
            board.Tell(Encoding.UTF8.GetBytes($"{i}"), isMinor: true);
        }

        var events = board.Since(0).Events;
        Assert.Equal(["event: event\ndata: -1\n\n", "event: event\ndata: 50\n\n"], events.Take(2).Select(item => Encoding.UTF8.GetString(item.Text)));
        Assert.Equal(Board.MaxEvents + 1, events.Count);
        for (var i = 0; i < Board.MaxEvents; i++)
        {
            board.Tell("0"u8);
        }

        Assert.DoesNotContain(board.Since(0).Events, item => Encoding.UTF8.GetString(item.Text).Contains("-1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_watch_that_fails_is_told_to_viewers_and_begins_anew_with_the_next()
    {
        var fail = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var board = new Board(_time, (_, _) => fail.Task, NullLogger.Instance);
        using var viewer = board.Enter();
        var news = board.Since(0);
        fail.SetException(new InvalidTimeZoneException("a bug"));

        await news.Changed.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(board.IsWatching);
        using var next = board.Enter();
        Assert.Equal(2, board.Runs);
    }

    [Fact]
    public void A_crowd_of_events_is_told_as_a_number_but_what_happens_to_nodes_always()
    {
        var board = Watching();
        var feed = new BoardFeed(board, _time);
        for (var i = 0; i < 100; i++)
        {
            feed.Tell("server", "started", ("key", $"k{i}"));
            feed.Tell("node", "up", ("node", $"n{i}"));
        }

        Assert.Equal((100, 20), (Count("node"), Count("server")));
        _time.Advance(TimeSpan.FromSeconds(1));
        feed.Tell("server", "started", ("key", "late"));
        var last = board.Since(0).Events.TakeLast(2).Select(item => Encoding.UTF8.GetString(item.Text)).ToArray();
        Assert.Contains("\"what\":\"left out\",\"text\":\"80\"", last[0], StringComparison.Ordinal);
        Assert.Contains("\"key\":\"late\"", last[1], StringComparison.Ordinal);

        int Count(string kind) => board.Since(0).Events.Count(item => Encoding.UTF8.GetString(item.Text).Contains($"\"kind\":\"{kind}\"", StringComparison.Ordinal));
    }

    private Board Watching() => new(
        _time,
        async (_, token) =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                _stopped.TrySetResult();
            }
        },
        NullLogger.Instance);
}
