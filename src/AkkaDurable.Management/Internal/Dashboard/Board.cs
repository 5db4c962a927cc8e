using System.Runtime.CompilerServices;
using System.Text;
using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace AkkaDurable.Management.Internal.Dashboard;

/// <summary>
/// What the dashboards of a node show, worked out once for all its viewers, and only while there are some. It is kept in sections, each of which is replaced as a whole: a viewer that is slow gets the newest, and nobody
/// has to keep anything for it. Beside them a few of the newest events. Safe for concurrent use.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "Cancelled when the last viewer has left; it has no timer.")]
internal sealed class Board(TimeProvider time, Func<Board, CancellationToken, Task> watch, ILogger log)
{
    /// <summary>How many events are kept for who comes: of those about nodes and shards, and of the others, which are many more.</summary>
    public const int MaxEvents = 100;

    /// <summary>How long it goes on without viewers: a page that is loaded again is one.</summary>
    public static readonly TimeSpan Linger = TimeSpan.FromSeconds(10);

    private static readonly ConditionalWeakTable<ActorSystem, Board> s_boards = [];

    private readonly Lock _lock = new();
    private readonly Dictionary<string, BoardSection> _sections = new(StringComparer.Ordinal);
    private readonly Queue<BoardEvent> _events = new();
    private readonly Queue<BoardEvent> _minorEvents = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource? _run;
    private long _version;
    private long _runs;
    private int _viewers;

    /// <summary>How often it has begun to watch the cluster.</summary>
    public long Runs => Interlocked.Read(ref _runs);

    public int Viewers => Volatile.Read(ref _viewers);

    public bool IsWatching
    {
        get
        {
            lock (_lock)
            {
                return _run is not null;
            }
        }
    }

    /// <summary>The board of an actor system's node.</summary>
    public static Board Of(ActorSystem system, IServiceProvider services, TimeProvider time, ILogger log) =>
        s_boards.GetValue(system, key => new Board(time, (board, token) => new BoardWatch(key, services, time, board).RunAsync(token), log));

    /// <summary>Has the board watch the cluster until the result is disposed of, and a little longer.</summary>
    public IDisposable Enter()
    {
        lock (_lock)
        {
            _viewers++;
            if (_run is null)
            {
                _run = new CancellationTokenSource();
                _runs++;
                _ = RunAsync(_run);
            }
        }

        return new Seat(this);
    }

    /// <summary>What there is that a viewer does not know.</summary>
    /// <param name="known">Up to which version it knows everything; 0: nothing.</param>
    public BoardNews Since(long known)
    {
        lock (_lock)
        {
            return new BoardNews(
                [.. _sections.Values.Where(section => section.Version > known).OrderBy(section => section.Version)],
                [.. _events.Concat(_minorEvents).Where(item => item.Version > known).OrderBy(item => item.Version)],
                _version,
                _changed.Task);
        }
    }

    /// <summary>How old each section is: when it was last looked after, whether it changed by that or not.</summary>
    public IReadOnlyList<(string Name, TimeSpan Age)> Ages()
    {
        lock (_lock)
        {
            return [.. _sections.Values.Select(section => (section.Id, time.GetElapsedTime(section.At)))];
        }
    }

    /// <summary>Replaces a section. It is no news if it says the same as before.</summary>
    /// <param name="name">The name of its event.</param>
    /// <param name="part">Which one, where there are several of a name.</param>
    /// <param name="json">What it says, in one line.</param>
    public void Put(string name, string? part, ReadOnlySpan<byte> json)
    {
        var id = part is null ? name : $"{name}/{part}";
        var text = Event(name, json);
        lock (_lock)
        {
            if (_sections.TryGetValue(id, out var was) && was.Text.AsSpan().SequenceEqual(text))
            {
                was.At = time.GetTimestamp();
                return;
            }

            _sections[id] = new BoardSection(id, ++_version, text) { At = time.GetTimestamp() };
            Wake();
        }
    }

    /// <summary>Adds an event, and drops the oldest of its kind if there are too many.</summary>
    public void Tell(ReadOnlySpan<byte> json, bool isMinor = false)
    {
        lock (_lock)
        {
            var events = isMinor ? _minorEvents : _events;
            events.Enqueue(new BoardEvent(++_version, Event("event", json)));
            if (events.Count > MaxEvents)
            {
                events.Dequeue();
            }

            Wake();
        }
    }

    private static byte[] Event(string name, ReadOnlySpan<byte> json) => [.. Encoding.UTF8.GetBytes($"event: {name}\ndata: "), .. json, .. "\n\n"u8];

    private void Wake()
    {
        var changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.TrySetResult();
    }

    private async Task RunAsync(CancellationTokenSource run)
    {
        try
        {
            await Task.Run(() => watch(this, run.Token)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (run.IsCancellationRequested)
        {
            // Nobody looks any more.
        }
#pragma warning disable CA1031 // Nobody waits for it: what ends it is logged whole, and the viewers, whose figures grow old, come again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            BoardLog.Failed(log, exception);
        }

        lock (_lock)
        {
            if (_run == run)
            {
                _run = null;
                _sections.Clear();
                _events.Clear();
                _minorEvents.Clear();
                Wake();
            }
        }
    }

    private async Task LeaveAsync()
    {
        CancellationTokenSource? run;
        lock (_lock)
        {
            if (--_viewers > 0)
            {
                return;
            }

            run = _run;
        }

        await Task.Delay(Linger, time).ConfigureAwait(false);
        lock (_lock)
        {
            if (_viewers > 0 || _run != run || run is null)
            {
                return;
            }

            // Whoever comes now begins anew.
            _run = null;
            _sections.Clear();
            _events.Clear();
            _minorEvents.Clear();
        }

        await run.CancelAsync().ConfigureAwait(false);
    }

    private sealed class Seat(Board board) : IDisposable
    {
        private int _isGone;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isGone, 1) == 0)
            {
                _ = board.LeaveAsync();
            }
        }
    }
}
