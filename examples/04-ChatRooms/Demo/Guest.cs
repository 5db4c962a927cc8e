using System.Collections.Immutable;
using System.Text.Json;

namespace ChatRooms.Demo;

/// <summary>A visitor of a room by one node, who notes what it is told.</summary>
internal abstract class Guest(string name, NodeProcess node, string room) : IAsyncDisposable
{
    protected static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private static readonly TimeSpan s_askEvery = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _gone = new();
    private ImmutableList<Written> _lines = [];
    private ImmutableDictionary<string, Visitor> _present = ImmutableDictionary<string, Visitor>.Empty;
    private Task _listening = Task.CompletedTask;

    public string Name { get; } = name;

    public NodeProcess Node { get; } = node;

    /// <summary>The lines it was told, in the order in which they came.</summary>
    public IReadOnlyList<Written> Lines => Volatile.Read(ref _lines);

    /// <summary>Who is there, as it was told.</summary>
    public IEnumerable<string> Present => Volatile.Read(ref _present).Values.Select(visitor => visitor.Name).Order(StringComparer.Ordinal);

    /// <summary>What it said and knows to be stored: the texts by their numbers. Only <see cref="TalkAsync"/> writes it.</summary>
    public Dictionary<long, string> Acknowledged { get; } = [];

    protected string Room { get; } = room;

    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        await ConnectAsync(cancellationToken);
        _listening = ListenAsync(_gone.Token);
    }

    /// <summary>Says something again and again until it is told to stop, or until its node is gone. Each text is said until it is known to be stored.</summary>
    /// <param name="most">How many things it says at most.</param>
    /// <param name="enough">Tells it to stop.</param>
    public async Task TalkAsync(int most, CancellationToken enough)
    {
        using var timer = new PeriodicTimer(s_askEvery);
        for (var count = 1; count <= most && !enough.IsCancellationRequested && !_listening.IsCompleted; count++)
        {
            var (id, text) = (Guid.NewGuid().ToString("N"), $"{Name} says {count}");
            long? number = null;
            while (number is null && !_listening.IsCompleted)
            {
                number = await TrySayAsync(id, text, _gone.Token);
            }

            if (number is { } stored)
            {
                Acknowledged.Add(stored, text);
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>Leaves, and waits for its node to be told.</summary>
    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        await _listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Disconnect();
        _gone.Dispose();
    }

    protected abstract Task ConnectAsync(CancellationToken cancellationToken);

    /// <summary>Notes what comes until the connection ends.</summary>
    protected abstract Task ListenAsync(CancellationToken gone);

    /// <returns>The number of the line; null: it is not known whether it is stored.</returns>
    protected abstract Task<long?> TrySayAsync(string id, string text, CancellationToken gone);

    protected abstract void Disconnect();

    // One thread at a time calls it.
    protected void Note(RoomEvent told)
    {
        switch (told)
        {
            case Written line:
                Volatile.Write(ref _lines, _lines.Add(line));
                break;
            case Present present:
                Volatile.Write(ref _present, present.Visitors.ToImmutableDictionary(visitor => visitor.Id));
                break;
            case Came(var visitor):
                Volatile.Write(ref _present, _present.SetItem(visitor.Id, visitor));
                break;
            case Went went:
                Volatile.Write(ref _present, _present.Remove(went.Id));
                break;
        }
    }
}
