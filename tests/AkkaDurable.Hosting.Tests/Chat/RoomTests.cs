using System.Collections.Immutable;
using AkkaDurable.TestKit;
using ChatRooms;

namespace AkkaDurable.Hosting.Tests.Chat;

/// <summary>The example with chat rooms: a room.</summary>
public sealed class RoomTests
{
    [Fact]
    public async Task A_room_keeps_its_last_lines_and_goes_on_numbering()
    {
        await using var room = ServerProbe.For(() => new Room(), key: "lobby");
        await room.StartAsync(Full("old"));

        Assert.Equal(Room.MostLines + 1, await room.CallAsync(new Say("anna", "new")));
        await room.CrashAsync();
        await room.StartAsync();

        Assert.Equal(Room.MostLines, room.State.Last.Count);
        Assert.Equal(2, room.State.Last[0].Number);
        Assert.Equal((Room.MostLines + 1, "anna", "new"), (room.State.Last[^1].Number, room.State.Last[^1].Name, room.State.Last[^1].Text));
    }

    [Fact]
    public async Task Its_lines_come_page_by_page_after_a_number()
    {
        await using var room = ServerProbe.For(() => new Room(), key: "lobby");
        await room.StartAsync(Full("old"));

        Assert.Equal(Enumerable.Range(1, Room.Page).Select(number => (long)number), (await room.CallAsync(new GetLines(After: 0))).Select(line => line.Number));
        Assert.Equal(Room.MostLines, Assert.Single(await room.CallAsync(new GetLines(After: Room.MostLines - 1))).Number);
        Assert.Empty(await room.CallAsync(new GetLines(After: Room.MostLines)));
    }

    [Fact]
    public async Task What_is_said_again_with_its_id_is_written_once()
    {
        await using var room = ServerProbe.For(() => new Room(), key: "lobby");

        Assert.Equal(1, await room.CallAsync(new Say("anna", "hello"), new CallOptions { Id = "one" }));
        await room.CrashAsync();
        Assert.Equal(1, await room.CallAsync(new Say("anna", "hello"), new CallOptions { Id = "one" }));
        Assert.Single(room.State.Last);
    }

    [Fact]
    public async Task A_room_full_of_what_takes_the_most_room_can_be_stored()
    {
        // Six bytes of JSON for each half of it.
        var most = string.Concat(Enumerable.Repeat("\U0001F600", Speech.MostInText / 2));
        await using var room = ServerProbe.For(() => new Room(), key: "lobby");
        await room.StartAsync(Full(most));

        Assert.Equal(Room.MostLines + 1, await room.CallAsync(new Say(most[..Speech.MostInName], most)));
        Assert.True((await room.ReadStoredAsync())!.State!.Value.Length > 500_000);
    }

    private static RoomState Full(string text) =>
        new(Room.MostLines, [.. Enumerable.Range(1, Room.MostLines).Select(number => new Line(number, text[..Math.Min(text.Length, Speech.MostInName)], text, DateTimeOffset.UnixEpoch))]);
}
