using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using ChatRooms;

namespace AkkaDurable.Hosting.Tests.Chat;

/// <summary>The example with chat rooms: one node, as its visitors reach it.</summary>
public sealed class ChatNodeTests
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    [Fact]
    public async Task Visitors_by_web_socket_and_by_events_hear_and_see_each_other()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(50));
        var ports = FreePorts();
        await using var node = ChatNode.Build(new NodeOptions(ports[0], ports[1], [ports[1]], folder.File("chat.db")));
        await node.StartAsync(stop.Token);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ports[0]}/") };

        // By events; what was said before comes first.
        Assert.Equal(1, await SayAsync(http, "anna", "one", "id-1", stop.Token));
        using var stream = await http.GetStreamAsync("rooms/lobby/events?name=anna", stop.Token);
        await using var anna = SseParser.Create(stream, (_, json) => JsonSerializer.Deserialize<RoomEvent>(json, s_json)!).EnumerateAsync(stop.Token).GetAsyncEnumerator();
        Assert.Equal("one", Assert.IsType<Written>(await NextAsync(anna)).Text);
        Assert.Equal(["anna"], Assert.IsType<Present>(await NextAsync(anna)).Visitors.Select(visitor => visitor.Name));

        // By web socket, which leaves out what the visitor has.
        using var ben = new ClientWebSocket();
        await ben.ConnectAsync(new Uri($"ws://127.0.0.1:{ports[0]}/rooms/lobby/socket?name=ben&after=1"), stop.Token);
        Assert.Equal(["anna", "ben"], Assert.IsType<Present>(await NextAsync(ben, stop.Token)).Visitors.Select(visitor => visitor.Name).Order());
        var came = Assert.IsType<Came>(await NextAsync(anna)).Visitor;
        Assert.Equal("ben", came.Name);

        // Said twice with one id, it is written once, and acknowledged twice.
        await SendAsync(ben, """{"id":"id-2","text":"two"}""", stop.Token);
        await SendAsync(ben, """{"id":"id-2","text":"two"}""", stop.Token);
        RoomEvent[] told = [await NextAsync(ben, stop.Token), await NextAsync(ben, stop.Token), await NextAsync(ben, stop.Token)];
        Assert.Equal([new Said("id-2", 2), new Said("id-2", 2)], told.OfType<Said>());
        Assert.Equal((2, "ben", "two"), (told.OfType<Written>().Single().Number, told.OfType<Written>().Single().Name, told.OfType<Written>().Single().Text));
        Assert.Equal(2, Assert.IsType<Written>(await NextAsync(anna)).Number);

        // What is no speech is refused, and the connection lives on.
        await SendAsync(ben, "hello", stop.Token);
        Assert.False(Assert.IsType<Refused>(await NextAsync(ben, stop.Token)).Again);

        await ben.CloseAsync(WebSocketCloseStatus.NormalClosure, null, stop.Token);
        Assert.Equal(came.Id, Assert.IsType<Went>(await NextAsync(anna)).Id);
        Assert.Equal(["anna"], (await http.GetFromJsonAsync<Visitor[]>("rooms/lobby/visitors", stop.Token))!.Select(visitor => visitor.Name));

        // A node that stops ends what it tells in order.
        await node.StopAsync(stop.Token);
        Assert.False(await anna.MoveNextAsync());
    }

    [Fact]
    public async Task The_page_is_served_and_needs_nothing_else_and_bad_requests_are_told()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(50));
        var ports = FreePorts();
        await using var node = ChatNode.Build(new NodeOptions(ports[0], ports[1], [ports[1]], folder.File("chat.db")));
        await node.StartAsync(stop.Token);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ports[0]}/") };

        var page = await http.GetStringAsync("", stop.Token);
        Assert.StartsWith("<!doctype html>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("//cdn", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<link", page, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync("rooms/lobby/events?name=%20"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync($"rooms/{new string('x', Speech.MostInName + 1)}/lines"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync("rooms/lobby/socket?name=anna"));
        using var tooLong = await http.PostAsJsonAsync("rooms/lobby/lines", new { name = "anna", text = new string('x', Speech.MostInText + 1) }, stop.Token);
        Assert.Equal(HttpStatusCode.BadRequest, tooLong.StatusCode);

        async Task<HttpStatusCode> StatusAsync(string path)
        {
            using var answer = await http.GetAsync(path, stop.Token);
            return answer.StatusCode;
        }
    }

    private static async Task<long> SayAsync(HttpClient http, string name, string text, string id, CancellationToken stop)
    {
        using var answer = await http.PostAsJsonAsync("rooms/lobby/lines", new { name, text, id }, stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<long>(stop);
    }

    private static async Task<RoomEvent> NextAsync(IAsyncEnumerator<SseItem<RoomEvent>> events)
    {
        Assert.True(await events.MoveNextAsync());
        return events.Current.Data;
    }

    private static async Task<RoomEvent> NextAsync(WebSocket socket, CancellationToken stop)
    {
        var buffer = new byte[16 * 1024];
        var received = await socket.ReceiveAsync(buffer.AsMemory(), stop);
        Assert.True(received.EndOfMessage);
        return JsonSerializer.Deserialize<RoomEvent>(buffer.AsSpan(0, received.Count), s_json)!;
    }

    private static ValueTask SendAsync(WebSocket socket, string message, CancellationToken stop) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message).AsMemory(), WebSocketMessageType.Text, endOfMessage: true, stop);

    // Both are held until both are found, so that none comes twice.
    private static int[] FreePorts()
    {
        TcpListener[] listeners = [new(IPAddress.Loopback, 0), new(IPAddress.Loopback, 0)];
        Array.ForEach(listeners, listener => listener.Start());
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        Array.ForEach(listeners, listener => listener.Dispose());
        return ports;
    }
}
