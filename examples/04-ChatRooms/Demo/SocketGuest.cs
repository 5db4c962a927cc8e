using System.Net.WebSockets;
using System.Text.Json;

namespace ChatRooms.Demo;

/// <summary>A visitor by web socket.</summary>
internal sealed class SocketGuest(string name, NodeProcess node, string room) : Guest(name, node, room)
{
    private readonly ClientWebSocket _socket = new();
    private readonly Lock _gate = new();
    private (string Id, TaskCompletionSource<long?> Answer)? _open;
    private bool _isOver;

    protected override Task ConnectAsync(CancellationToken cancellationToken) =>
        _socket.ConnectAsync(new UriBuilder(Node.Http) { Scheme = "ws", Path = $"rooms/{Room}/socket", Query = $"name={Name}" }.Uri, cancellationToken);

    protected override async Task ListenAsync(CancellationToken gone)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            var length = 0;
            while (await _socket.ReceiveAsync(buffer.AsMemory(length), gone) is { MessageType: WebSocketMessageType.Text } received)
            {
                length += received.Count;
                if (received.EndOfMessage)
                {
                    Hear(JsonSerializer.Deserialize<RoomEvent>(buffer.AsSpan(0, length), Json)!);
                    length = 0;
                }
            }
        }
        catch (WebSocketException)
        {
            // Its node was killed.
        }
        finally
        {
            lock (_gate)
            {
                _isOver = true;
                _open?.Answer.TrySetResult(null);
            }
        }
    }

    protected override async Task<long?> TrySayAsync(string id, string text, CancellationToken gone)
    {
        var answer = new TaskCompletionSource<long?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_isOver)
            {
                return null;
            }

            _open = (id, answer);
        }

        try
        {
            await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(new { id, text }, Json), WebSocketMessageType.Text, endOfMessage: true, gone);
        }
        catch (WebSocketException)
        {
            return null;
        }

        return await answer.Task;
    }

    protected override void Disconnect() => _socket.Dispose();

    private void Hear(RoomEvent told)
    {
        Note(told);
        lock (_gate)
        {
            if (told is Said said && said.Id == _open?.Id)
            {
                _open?.Answer.TrySetResult(said.Number);
            }
            else if (told is Refused refused && refused.Id == _open?.Id)
            {
                _open?.Answer.TrySetResult(null);
            }
        }
    }
}
