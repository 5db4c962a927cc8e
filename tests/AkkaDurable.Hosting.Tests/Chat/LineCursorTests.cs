using ChatRooms;

namespace AkkaDurable.Hosting.Tests.Chat;

/// <summary>The example with chat rooms: each line once and in order.</summary>
public sealed class LineCursorTests
{
    private readonly List<long> _told = [];
    private readonly List<Line> _stored = [];
    private int _reads;

    [Fact]
    public async Task Lines_in_order_are_told_without_asking_the_room()
    {
        using var cursor = Cursor(after: 0);

        await cursor.TakeAsync(Write());
        await cursor.TakeAsync(Write());

        Assert.Equal([1, 2], _told);
        Assert.Equal(0, _reads);
    }

    [Fact]
    public async Task What_comes_twice_is_told_once()
    {
        using var cursor = Cursor(after: 0);
        var line = Write();

        await cursor.TakeAsync(line);
        await cursor.TakeAsync(line);

        Assert.Equal([1], _told);
    }

    [Fact]
    public async Task A_line_that_was_lost_on_the_way_is_read_when_the_next_one_comes()
    {
        using var cursor = Cursor(after: 0);
        Write();
        Write();

        await cursor.TakeAsync(Write());

        Assert.Equal([1, 2, 3], _told);
    }

    [Fact]
    public async Task Who_comes_back_is_told_what_was_written_meanwhile()
    {
        for (var count = 0; count < 2 * Room.Page + 1; count++)
        {
            Write();
        }

        using var cursor = Cursor(after: 1);
        await cursor.CatchUpAsync();

        Assert.Equal(_stored.Skip(1).Select(line => line.Number), _told);
        Assert.Equal(_stored.Count, cursor.Last);
    }

    private Line Write()
    {
        var line = new Line(_stored.Count + 1, "anna", "hello", DateTimeOffset.UnixEpoch);
        _stored.Add(line);
        return line;
    }

    private LineCursor Cursor(long after) => new(
        after,
        last =>
        {
            _reads++;
            return Task.FromResult<IReadOnlyList<Line>>([.. _stored.Where(line => line.Number > last).Take(Room.Page)]);
        },
        written =>
        {
            _told.Add(written.Number);
            return ValueTask.CompletedTask;
        });
}
