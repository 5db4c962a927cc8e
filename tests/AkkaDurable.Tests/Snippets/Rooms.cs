using System.Net.WebSockets;
using System.Text.Json;

namespace AkkaDurable.Tests.Snippets;

public sealed record RoomState(int Lines);

#region room
public sealed record Say(string Name, string Text) : ICall<int>;
public sealed record Line(int Number, string Name, string Text) : ICast;

public sealed class Room : DurableServer<RoomState>
{
    protected override RoomState InitialState => new(Lines: 0);

    protected override ValueTask<CallResult> HandleCall(object request, From from, RoomState state)
    {
        switch (request)
        {
            case Say say:
                var next = state with { Lines = state.Lines + 1 };
                Context.Groups.Dispatch($"room/{Context.Key}", new Line(next.Lines, say.Name, say.Text));   // leaves when next is stored
                return Reply(next.Lines, next);
            default:
                return Unhandled(request);
        }
    }
}
#endregion

public static class Rooms
{
    #region socket
    public static async Task ServeAsync(WebSocket socket, string room, string name, IDurableGroups groups, CancellationToken closed)
    {
        await using var member = await groups.SubscribeAsync($"room/{room}", new Dictionary<string, string> { ["name"] = name }, cancellationToken: closed);
        await foreach (var message in member.Messages.WithCancellation(closed))
        {
            await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message, message.GetType()), WebSocketMessageType.Text, endOfMessage: true, closed);
        }
    }
    #endregion

    #region presence
    public static async Task WatchAsync(string room, IDurableEvents events, Action<IEnumerable<string>> show, CancellationToken stop)
    {
        Dictionary<string, GroupMember> present = [];
        await foreach (var batch in events.WatchAsync(LifecycleFilter.Group($"room/{room}"), cancellationToken: stop))
        {
            if (batch.Missed)
            {
                present.Clear();   // the batch has all that there is now
            }

            foreach (var change in batch.Events)
            {
                if (change.Kind == LifecycleEventKind.Left)
                {
                    present.Remove(change.Member!.Id);
                }
                else
                {
                    present[change.Member!.Id] = change.Member;
                }
            }

            show(present.Values.Select(member => member.Meta["name"]));
        }
    }
    #endregion
}
