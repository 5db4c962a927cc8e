using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace AkkaDurable.Management.Internal.Dashboard;

/// <summary>
/// Listens to what this process measures of its servers, while it exists: without it (and without other listeners) nothing is measured. Reads tell of the last <see cref="Window"/>. Measurements may come at any time from
/// any thread; reads are for one thread at a time.
/// </summary>
internal sealed class CallMeter : IDisposable
{
    private const string Meter = "AkkaDurable";
    private const string Calls = "akka_durable.call.duration";
    private const string TypeTag = "akka_durable.type";
    private const string ErrorTag = "error.type";
    private const int Slices = 5;

    // More server types than any program has; whatever comes beyond is not counted.
    private const int MaxTypes = 256;

    private static readonly TimeSpan s_slice = TimeSpan.FromSeconds(2);
    private static readonly string[] s_counters = ["akka_durable.server.starts", "akka_durable.server.stops", "akka_durable.server.crashes", "akka_durable.store.conflicts"];

    private readonly ConcurrentDictionary<string, Counts> _now = new(StringComparer.Ordinal);
    private readonly Queue<(TimeSpan Length, Dictionary<string, Counts> Types)> _past = new();
    private readonly MeterListener _listener = new();
    private readonly TimeProvider _time;
    private long _began;

    public CallMeter(TimeProvider time)
    {
        _time = time;
        _began = time.GetTimestamp();
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == Meter && (instrument.Name == Calls || Array.IndexOf(s_counters, instrument.Name) >= 0))
            {
                listener.EnableMeasurementEvents(instrument, instrument.Name == Calls ? null : (object)Array.IndexOf(s_counters, instrument.Name));
            }
        };
        _listener.SetMeasurementEventCallback<double>(OnCall);
        _listener.SetMeasurementEventCallback<long>(OnCount);
        _listener.Start();
    }

    public static TimeSpan Window => s_slice * Slices;

    /// <summary>What was counted in the last <see cref="Window"/>, or since it began to listen, by server type.</summary>
    /// <returns>How long that was, and the counts.</returns>
    public (TimeSpan Length, IReadOnlyDictionary<string, Counts> Types) Read()
    {
        var length = _time.GetElapsedTime(_began);
        if (length >= s_slice)
        {
            _began = _time.GetTimestamp();
            var slice = new Dictionary<string, Counts>(StringComparer.Ordinal);
            foreach (var type in _now.Keys)
            {
                if (_now.TryRemove(type, out var counts))
                {
                    slice[type] = counts;
                }
            }

            _past.Enqueue((length, slice));
            while (_past.Count > Slices)
            {
                _past.Dequeue();
            }

            length = TimeSpan.Zero;
        }

        var all = new Dictionary<string, Counts>(StringComparer.Ordinal);
        foreach (var (type, counts) in _past.SelectMany(slice => slice.Types).Concat(_now))
        {
            if (!all.TryGetValue(type, out var sum))
            {
                all[type] = sum = new Counts();
            }

            sum.Add(counts);
        }

        return (_past.Aggregate(length, static (sum, slice) => sum + slice.Length), all);
    }

    public void Dispose() => _listener.Dispose();

    private static (string? Type, bool Failed) Read(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string? type = null;
        var failed = false;
        foreach (var tag in tags)
        {
            if (tag.Key == TypeTag)
            {
                type = tag.Value as string;
            }
            else if (tag.Key == ErrorTag)
            {
                failed = true;
            }
        }

        return (type, failed);
    }

    private void OnCall(Instrument instrument, double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var (type, failed) = Read(tags);
        if (Of(type) is { } counts)
        {
            Interlocked.Increment(ref counts.Durations[LogHistogram.BucketOf(seconds)]);
            if (failed)
            {
                Interlocked.Increment(ref counts.FailedCalls);
            }
        }
    }

    private void OnCount(Instrument instrument, long count, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        if (Of(Read(tags).Type) is { } counts)
        {
            Interlocked.Add(ref counts.Counters[(int)state!], count);
        }
    }

    private Counts? Of(string? type)
    {
        if (type is null)
        {
            return null;
        }

        return _now.TryGetValue(type, out var counts) ? counts : _now.Count < MaxTypes ? _now.GetOrAdd(type, static _ => new Counts()) : null;
    }

    /// <summary>What was counted of one server type.</summary>
    internal sealed class Counts
    {
        public long[] Durations { get; } = new long[LogHistogram.Length];

        /// <summary>Starts, stops, crashes, conflicts.</summary>
        public long[] Counters { get; } = new long[s_counters.Length];

        public long FailedCalls;

        public void Add(Counts other)
        {
            LogHistogram.Add<long>(Durations, other.Durations);
            LogHistogram.Add<long>(Counters, other.Counters);
            FailedCalls += other.FailedCalls;
        }
    }
}
