using System.Collections.Immutable;
using AkkaDurable;

namespace ChatRooms;

#region room
/// <summary>What a room remembers: its last lines, and how many there ever were.</summary>
public sealed record RoomState(long Lines, ImmutableList<Line> Last);

/// <summary>One line, as it is stored, and as it is sent to the members.</summary>
public sealed record Line(long Number, string Name, string Text, DateTimeOffset At) : ICast;

/// <summary>Sent to the members when the room is opened on some node: so many lines there are.</summary>
public sealed record Opened(long Lines) : ICast;

/// <summary>Writes a line; the answer is its number, and it is stored then.</summary>
public sealed record Say(string Name, string Text) : ICall<long>;

/// <summary>The lines that the room still has of those after a number, oldest first, no more than a page.</summary>
public sealed record GetLines(long After) : ICall<ImmutableList<Line>>;

public sealed class Room : DurableServer<RoomState>
{
    /// <summary>How many lines a room remembers.</summary>
    public const int MostLines = 400;

    /// <summary>How many lines there are in one answer.</summary>
    public const int Page = 100;

    protected override RoomState InitialState => new(Lines: 0, []);

    // The node that the room ran on may have died after it had stored a line and before it had sent it. By this the members see that they lack one.
    protected override ValueTask<InitResult> Init(RoomState state, ServerContext context)
    {
        context.Groups.Dispatch(GroupOf(context.Key), new Opened(state.Lines));
        return Ok(state);
    }

    protected override ValueTask<CallResult> HandleCall(object request, From from, RoomState state)
    {
        switch (request)
        {
            case Say say:
                var line = new Line(state.Lines + 1, say.Name, say.Text, Context.Time.GetUtcNow());
                var last = state.Last.Count < MostLines ? state.Last : state.Last.RemoveAt(0);
                Context.Groups.Dispatch(GroupOf(Context.Key), line);        // leaves when the line is stored, as the reply does
                return Reply(line.Number, new RoomState(line.Number, last.Add(line)));
            case GetLines(var after):
                return Reply(state.Last.SkipWhile(old => old.Number <= after).Take(Page).ToImmutableList(), state);
            default:
                return Unhandled(request);
        }
    }

    /// <summary>The group whose members are those in the room.</summary>
    public static string GroupOf(string room) => $"room/{room}";
}
#endregion
