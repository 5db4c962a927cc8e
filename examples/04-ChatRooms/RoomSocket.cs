using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using AkkaDurable;

namespace ChatRooms;

/// <summary>A visitor by web socket: gets the room's events, and says something with each message, <c>{"id": "…", "text": "…"}</c>.</summary>
internal sealed class RoomSocket(WebSocket socket, string room, string name, IDurableServers<Room> rooms)
{
    private const int LargestMessage = 8 * 1024;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    private readonly Channel<RoomEvent> _events = Channel.CreateBounded<RoomEvent>(ChatEndpoints.MostWaiting);

    public static async Task AcceptAsync(HttpContext http, string room, string name, long? after, IDurableServers<Room> rooms, RoomFeed feed, IHostApplicationLifetime app)
    {
        if (!http.WebSockets.IsWebSocketRequest || Speech.ProblemOfName(name) is not null)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        await new RoomSocket(socket, room, name, rooms).ServeAsync(feed, after ?? 0, app.ApplicationStopping, http.RequestAborted);
    }

    // Ends as soon as one of the three does: nobody listens, nothing is told any more, or the visitor is gone.
    private async Task ServeAsync(RoomFeed feed, long after, CancellationToken stopping, CancellationToken aborted)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping, aborted);
        Task[] parts = [feed.FollowAsync(room, name, after, _events.Writer, ended.Token), SendAsync(ended.Token), ReceiveAsync(ended.Token)];
        await Task.WhenAny(parts);
        await ended.CancelAsync();
        foreach (var part in parts)
        {
            await part.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (socket.State == WebSocketState.CloseReceived)
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SendAsync(CancellationToken ended)
    {
        await foreach (var told in _events.Reader.ReadAllAsync(ended))
        {
            await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(told, s_json), WebSocketMessageType.Text, endOfMessage: true, ended);
        }
    }

    private async Task ReceiveAsync(CancellationToken ended)
    {
        var buffer = new byte[LargestMessage];
        var length = 0;
        while (length < buffer.Length && await socket.ReceiveAsync(buffer.AsMemory(length), ended) is { MessageType: WebSocketMessageType.Text } received)
        {
            length += received.Count;
            if (received.EndOfMessage)
            {
                await HearAsync(buffer.AsMemory(0, length), ended);
                length = 0;
            }
        }
    }

    private async Task HearAsync(ReadOnlyMemory<byte> message, CancellationToken ended)
    {
        Speaking? said;
        try
        {
            said = JsonSerializer.Deserialize<Speaking>(message.Span, s_json);
        }
        catch (JsonException)
        {
            said = null;
        }

        var id = said?.Id ?? "";
        if ((Speech.ProblemOfId(id) ?? Speech.ProblemOf(name, said?.Text)) is { } problem)
        {
            await _events.Writer.WriteAsync(new Refused(id, problem, Again: false), ended);
            return;
        }

        #region hear
        try
        {
            await _events.Writer.WriteAsync(new Said(id, await rooms.SayAsync(room, name, said!.Text, id, ended)), ended);
        }
        catch (DurableServerException e)
        {
            await _events.Writer.WriteAsync(new Refused(id, e.Message, Again: true), ended);
        }
        #endregion
    }

    private sealed record Speaking(string Id, string Text);
}
