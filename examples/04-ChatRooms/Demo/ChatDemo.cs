using System.Text.Json;

namespace ChatRooms.Demo;

/// <summary>Visitors talk, the node that runs their room is killed, then all nodes are; what everyone was told is compared with what was acknowledged.</summary>
internal sealed class ChatDemo(NodeProcess[] nodes, TextWriter output, CancellationToken cancellationToken) : IAsyncDisposable
{
    private const string Lobby = "lobby";
    private const int LinesBefore = 60;
    private const int LinesAfter = 60;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(50);

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(25) };
    private readonly List<Guest> _guests = [];
    private readonly List<string> _problems = [];

    public async Task<bool> RunAsync()
    {
        Say($"{nodes.Length} processes start");
        await StartAllAsync();

        foreach (var (node, i) in nodes.Select((node, i) => (node, i)))
        {
            _guests.Add(new SocketGuest($"socket-{i + 1}", node, Lobby));
            _guests.Add(new EventsGuest($"events-{i + 1}", node, Lobby));
        }

        await Task.WhenAll(_guests.Select(guest => guest.EnterAsync(cancellationToken)));
        await UntilAsync("everyone sees everyone", () => _guests.All(guest => SeesJust(guest, _guests)));

        // The room remembers all that is said.
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var talks = _guests.Select(guest => guest.TalkAsync(Room.MostLines / _guests.Count, enough.Token)).ToArray();
        await UntilAsync($"everyone was told {LinesBefore} lines", () => _guests.All(guest => guest.Lines.Count >= LinesBefore));

        var victim = await NodeOfRoomAsync();
        Say($"kill -9 of {victim.Name}, which runs the room");
        await victim.KillAsync();
        var left = _guests.Where(guest => guest.Node != victim).ToArray();
        var told = left.ToDictionary(guest => guest, guest => guest.Lines.Count);
        await UntilAsync("the visitors of the other nodes see just each other", () => left.All(guest => SeesJust(guest, left)));
        await UntilAsync($"they were told {LinesAfter} lines more", () => left.All(guest => guest.Lines.Count >= told[guest] + LinesAfter));

        await enough.CancelAsync();
        await Task.WhenAll(talks).WaitAsync(s_patience, _time, cancellationToken);
        var history = await ReadHistoryAsync(left[0].Node);
        await UntilAsync("they were told all that is stored", () => left.All(guest => guest.Lines.Count == history.Count));
        Check(history, left);

        Say("kill -9 of all nodes; all are started again");
        await Task.WhenAll(nodes.Select(node => node.KillAsync()));
        await StartAllAsync();
        var after = await ReadHistoryAsync(nodes[0]);
        Expect(after.SequenceEqual(history), $"after the restart the room has {after.Count} lines, not the {history.Count} that it had");

        foreach (var problem in _problems.Take(20))
        {
            Say($"WRONG: {problem}");
        }

        Say($"{history.Count} lines stored, {_guests.Sum(guest => guest.Acknowledged.Count)} of them acknowledged: {(_problems.Count == 0 ? "none lost, none doubled, each told once and in order" : $"{_problems.Count} problems")}");
        return _problems.Count == 0;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var guest in _guests)
        {
            await guest.DisposeAsync();
        }

        _http.Dispose();
    }

    private static bool SeesJust(Guest guest, IEnumerable<Guest> others) => guest.Present.SequenceEqual(others.Select(other => other.Name).Order(StringComparer.Ordinal));

    private void Check(IReadOnlyList<Line> history, IReadOnlyList<Guest> left)
    {
        Expect(history.Select(line => line.Number).SequenceEqual(Enumerable.Range(1, history.Count).Select(number => (long)number)), "the stored lines are not numbered 1, 2, 3 …");
        Expect(history.Select(line => line.Text).Distinct().Count() == history.Count, "a text is stored twice");
        var stored = history.ToDictionary(line => line.Number, line => line.Text);
        foreach (var guest in _guests)
        {
            foreach (var (number, text) in guest.Acknowledged)
            {
                Expect(stored.GetValueOrDefault(number) == text, $"'{text}' was acknowledged to {guest.Name} as line {number}, which is '{stored.GetValueOrDefault(number)}'");
            }

            // Those of the killed node were told the beginning, the others all.
            var told = guest.Lines.Select(line => new Line(line.Number, line.Name, line.Text, line.At)).ToList();
            Expect(told.SequenceEqual(left.Contains(guest) ? history : history.Take(told.Count)), $"{guest.Name} was told something else than what is stored");
        }
    }

    private void Expect(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            _problems.Add(otherwise);
        }
    }

    private async Task StartAllAsync()
    {
        Array.ForEach(nodes, node => node.Start());
        foreach (var node in nodes)
        {
            await UntilAsync($"{node.Name} serves the room", async () => await TryGetAsync<IReadOnlyList<Line>>(node, "lines") is not null);
        }
    }

    private async Task<NodeProcess> NodeOfRoomAsync()
    {
        var info = await TryGetAsync<JsonElement?>(nodes[0], "info") ?? throw new TimeoutException("the room does not say where it runs");
        var address = info.GetProperty("node").GetString()!;
        return Array.Find(nodes, node => node.Is(address)) ?? throw new TimeoutException($"{address} is none of the nodes");
    }

    private async Task<IReadOnlyList<Line>> ReadHistoryAsync(NodeProcess node)
    {
        List<Line> lines = [];
        while (await TryGetAsync<IReadOnlyList<Line>>(node, $"lines?after={lines.LastOrDefault()?.Number ?? 0}") is { Count: > 0 } page)
        {
            lines.AddRange(page);
        }

        return lines;
    }

    private async Task<T?> TryGetAsync<T>(NodeProcess node, string path)
    {
        try
        {
            return await _http.GetFromJsonAsync<T>(new Uri(node.Http, $"rooms/{Lobby}/{path}"), cancellationToken);
        }
        catch (HttpRequestException)
        {
            // It does not listen yet, or has no cluster yet.
            return default;
        }
    }

    private Task UntilAsync(string what, Func<bool> condition) => UntilAsync(what, () => Task.FromResult(condition()));

    private async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        var start = _time.GetTimestamp();
        using var timer = new PeriodicTimer(s_lookEvery, _time);
        while (!await condition())
        {
            if (_time.GetElapsedTime(start) > s_patience)
            {
                throw new TimeoutException($"{what}: not within {s_patience.TotalSeconds:0} s; told: {string.Join(", ", _guests.Select(guest => $"{guest.Name} {guest.Lines.Count} lines, {guest.Present.Count()} present"))}");
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }

        Say($"{what}, {_time.GetElapsedTime(start).TotalSeconds:0.0} s later");
    }

    private void Say(string what) => output.WriteLine($"{_time.GetElapsedTime(_began).TotalSeconds,5:0.0} s  {what}");
}
