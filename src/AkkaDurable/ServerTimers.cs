using System.Diagnostics;
using AkkaDurable.Internal.Runtime;
using AkkaDurable.Internal.Telemetry;

namespace AkkaDurable;

/// <summary>
/// The timers of one server. Each brings its message to <c>HandleInfo</c>. They live in memory: a restart, a hand-over or a stop ends them; start them again in <c>Init</c>. A server
/// with timers does not passivate by idling.
/// </summary>
/// <remarks>Safe to use from any thread. A message that is on its way when its timer is cancelled or replaced is not delivered.</remarks>
public sealed class ServerTimers
{
    private readonly ServerProcess _process;
    private readonly TimeProvider _time;
    private readonly int _incarnation;
    private readonly Lock _lock = new();
    private Dictionary<string, Entry>? _entries;
    private long _generations;
    private bool _closed;

    internal ServerTimers(ServerProcess process, TimeProvider time, int incarnation)
    {
        _process = process;
        _time = time;
        _incarnation = incarnation;
    }

    /// <summary>Whether any timer is set.</summary>
    public bool Any
    {
        get
        {
            lock (_lock)
            {
                return _entries is { Count: > 0 };
            }
        }
    }

    /// <summary>Has a message delivered once. A timer of the same name is replaced.</summary>
    /// <param name="name">The timer's name, for <see cref="Cancel"/>.</param>
    /// <param name="delay">How long from now; zero means at once, behind the messages that wait.</param>
    /// <param name="message">The message for <c>HandleInfo</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delay"/> is negative.</exception>
    public void StartOnce(string name, TimeSpan delay, object message)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        Start(name, delay, Timeout.InfiniteTimeSpan, message);
    }

    /// <summary>Has a message delivered again and again. When the server is busy for longer than the interval, ticks are skipped, not piled up. A timer of the same name is replaced.</summary>
    /// <param name="name">The timer's name, for <see cref="Cancel"/>.</param>
    /// <param name="interval">From now to the first message, and from one to the next; more than zero.</param>
    /// <param name="message">The message for <c>HandleInfo</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="interval"/> is not more than zero.</exception>
    public void StartPeriodic(string name, TimeSpan interval, object message)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        Start(name, interval, interval, message);
    }

    /// <summary>Ends a timer.</summary>
    /// <param name="name">The timer's name.</param>
    /// <returns>Whether it was set.</returns>
    public bool Cancel(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        lock (_lock)
        {
            if (_entries is null || !_entries.Remove(name, out var entry))
            {
                return false;
            }

            entry.Timer.Dispose();
            return true;
        }
    }

    /// <summary>Whether a timer is set.</summary>
    /// <param name="name">The timer's name.</param>
    /// <returns>Whether it is set: started, and neither cancelled nor, if it was to fire once, delivered.</returns>
    public bool IsActive(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        lock (_lock)
        {
            return _entries?.ContainsKey(name) == true;
        }
    }

    // Whether a message that arrived is still wanted.
    internal bool Take(TimerFired fired)
    {
        lock (_lock)
        {
            if (_entries is null || !_entries.TryGetValue(fired.Name, out var entry) || entry.Generation != fired.Generation)
            {
                return false;
            }

            entry.IsUnderway = false;
            if (!entry.IsPeriodic)
            {
                _entries.Remove(fired.Name);
                entry.Timer.Dispose();
            }

            return true;
        }
    }

    internal void Close()
    {
        lock (_lock)
        {
            _closed = true;
            foreach (var entry in _entries?.Values ?? Enumerable.Empty<Entry>())
            {
                entry.Timer.Dispose();
            }

            _entries = null;
        }
    }

    private void Start(string name, TimeSpan due, TimeSpan period, object message)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(message);
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }

            _entries ??= [];
            if (_entries.Remove(name, out var replaced))
            {
                replaced.Timer.Dispose();
            }

            var entry = new Entry(name, ++_generations, period != Timeout.InfiniteTimeSpan, message) { Trace = Spans.AreWanted ? TraceOrigin.Of(Activity.Current) : null };
            _entries.Add(name, entry);
            entry.Timer = _time.CreateTimer(static state => ((Action)state!)(), (Action)(() => Fire(entry)), due, period);
        }
    }

    private void Fire(Entry entry)
    {
        lock (_lock)
        {
            if (_closed || entry.IsUnderway)
            {
                return;
            }

            entry.IsUnderway = true;
        }

        _process.Post(new TimerFired(_incarnation, entry.Name, entry.Generation, entry.Message) { Trace = entry.Trace, IsPeriodic = entry.IsPeriodic });
    }

    private sealed class Entry(string name, long generation, bool isPeriodic, object message)
    {
        public string Name { get; } = name;

        public long Generation { get; } = generation;

        public bool IsPeriodic { get; } = isPeriodic;

        public object Message { get; } = message;

        // What started it.
        public TraceOrigin? Trace { get; init; }

        public ITimer Timer { get; set; } = null!;

        // A tick waits in the mailbox: another one would say nothing new.
        public bool IsUnderway { get; set; }
    }
}
