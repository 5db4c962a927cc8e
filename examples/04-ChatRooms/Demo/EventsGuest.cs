using System.Net.ServerSentEvents;
using System.Text.Json;

namespace ChatRooms.Demo;

/// <summary>A visitor by server-sent events, who says something by plain requests.</summary>
internal sealed class EventsGuest(string name, NodeProcess node, string room) : Guest(name, node, room)
{
    private readonly HttpClient _http = new() { BaseAddress = node.Http, Timeout = TimeSpan.FromSeconds(30) };
    private Stream? _events;

    protected override async Task ConnectAsync(CancellationToken cancellationToken) => _events = await _http.GetStreamAsync($"rooms/{Room}/events?name={Name}", cancellationToken);

    protected override async Task ListenAsync(CancellationToken gone)
    {
        try
        {
            await foreach (var told in SseParser.Create(_events!, (_, json) => JsonSerializer.Deserialize<RoomEvent>(json, Json)!).EnumerateAsync(gone))
            {
                Note(told.Data);
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            // Its node was killed.
        }
    }

    protected override async Task<long?> TrySayAsync(string id, string text, CancellationToken gone)
    {
        try
        {
            using var answer = await _http.PostAsJsonAsync($"rooms/{Room}/lines", new { name = Name, text, id }, gone);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<long>(gone) : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    protected override void Disconnect()
    {
        _events?.Dispose();
        _http.Dispose();
    }
}
