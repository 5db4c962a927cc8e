using System.Diagnostics.Metrics;

namespace AkkaDurable.Internal.Telemetry;

/// <summary>What a node's servers measure of themselves. Names follow OpenTelemetry's conventions; no key of a server is ever among the tags. Costs nothing while nobody listens. Safe for concurrent use.</summary>
internal sealed class NodeMetrics : IDisposable
{
    public const string MeterName = DurableTelemetry.MeterName;

    private const string TypeTag = "akka_durable.type";
    private const string ReasonTag = "akka_durable.reason";
    private const string OutcomeTag = "akka_durable.outcome";
    private const string ErrorTag = "error.type";

    // From what a call within a process takes to the longest time-outs.
    private static readonly InstrumentAdvice<double> s_times = new()
    {
        HistogramBucketBoundaries = [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    };

    private readonly TimeProvider _time;
    private readonly double _secondsPerTick;
    private readonly Meter _meter;
    private readonly bool _ownsMeter;
    private readonly Func<IEnumerable<(string ServerType, int Count)>> _active;
    private readonly Histogram<double> _calls;
    private readonly Histogram<double> _saves;
    private readonly Histogram<double> _claims;
    private readonly Histogram<double> _recoveries;
    private readonly Counter<long> _starts;
    private readonly Counter<long> _stops;
    private readonly Counter<long> _crashes;
    private readonly Counter<long> _conflicts;
    private readonly Counter<long> _recovered;
    private volatile bool _isDisposed;

    /// <param name="time">The clock.</param>
    /// <param name="services">May have a meter factory.</param>
    /// <param name="active">How many servers of each type run.</param>
    public NodeMetrics(TimeProvider time, IServiceProvider services, Func<IEnumerable<(string ServerType, int Count)>> active)
    {
        (_time, _active, _secondsPerTick) = (time, active, 1.0 / time.TimestampFrequency);
        var version = typeof(NodeMetrics).Assembly.GetName().Version?.ToString(3);
        var factory = services.GetService(typeof(IMeterFactory)) as IMeterFactory;
        _ownsMeter = factory is null;
        _meter = factory?.Create(new MeterOptions(MeterName) { Version = version }) ?? new Meter(MeterName, version);
        _calls = _meter.CreateHistogram("akka_durable.call.duration", "s", "How long calls took, as their callers saw it.", advice: s_times);
        _saves = _meter.CreateHistogram("akka_durable.store.save.duration", "s", "How long saves and deletes took.", advice: s_times);
        _claims = _meter.CreateHistogram("akka_durable.store.claim.duration", "s", "How long claims took, with the wait for a lost node's lease.", advice: s_times);
        _recoveries = _meter.CreateHistogram("akka_durable.server.start.duration", "s", "How long starts took, from the claim to the end of Init.", advice: s_times);
        _starts = _meter.CreateCounter<long>("akka_durable.server.starts", "{server}", "Servers that have started.");
        _stops = _meter.CreateCounter<long>("akka_durable.server.stops", "{server}", "Servers that have stopped.");
        _crashes = _meter.CreateCounter<long>("akka_durable.server.crashes", "{crash}", "Crashes of servers.");
        _conflicts = _meter.CreateCounter<long>("akka_durable.store.conflicts", "{conflict}", "Saves that another owner's claim had made void.");
        _recovered = _meter.CreateCounter<long>("akka_durable.recovery.starts", "{server}", "Permanent servers that were started because they ran nowhere.");
        _meter.CreateObservableUpDownCounter("akka_durable.server.active", ObserveActive, "{server}", "Servers in memory.");
        _meter.CreateObservableUpDownCounter("akka_durable.group.members", ObserveMembers, "{member}", "Members of groups that this node has; those of all nodes together are all there are.");
    }

    public Meter Meter => _meter;

    /// <summary>How many members of groups the node has; null: it takes no part in groups.</summary>
    public Func<int>? Members { get; set; }

    /// <summary>Whether somebody wants to know how long calls take.</summary>
    public bool MeasuresCalls => _calls.Enabled;

    public long BeginSave() => _saves.Enabled ? _time.GetTimestamp() : 0;

    public long BeginStart() => _claims.Enabled || _recoveries.Enabled ? _time.GetTimestamp() : 0;

    public void CallEnded(long began, string serverType, Exception? error) => Record(_calls, began, serverType, error);

    public void SaveEnded(long began, string serverType, Exception? error)
    {
        if (began != 0)
        {
            Record(_saves, began, serverType, error);
        }
    }

    public void ClaimEnded(long began, string serverType, Exception? error)
    {
        if (began != 0)
        {
            Record(_claims, began, serverType, error);
        }
    }

    public void Started(long began, string serverType, StartOutcome outcome)
    {
        _starts.Add(1, new(TypeTag, serverType), new(OutcomeTag, outcome == StartOutcome.Created ? "created" : "resumed"));
        if (began != 0)
        {
            Record(_recoveries, began, serverType, error: null);
        }
    }

    public void Stopped(string serverType, LifecycleReason reason)
    {
        if (_stops.Enabled)
        {
            _stops.Add(1, new(TypeTag, serverType), new(ReasonTag, NameOf(reason)));
        }
    }

    public void Crashed(string serverType, Exception error) => _crashes.Add(1, new(TypeTag, serverType), new(ErrorTag, error.GetType().FullName));

    public void Conflicted(string serverType) => _conflicts.Add(1, new KeyValuePair<string, object?>(TypeTag, serverType));

    public void Recovered(string serverType, int count) => _recovered.Add(count, new KeyValuePair<string, object?>(TypeTag, serverType));

    public void Dispose()
    {
        // A factory's meter is the factory's, and lives on.
        _isDisposed = true;
        if (_ownsMeter)
        {
            _meter.Dispose();
        }
    }

    private static string NameOf(LifecycleReason reason) => reason switch
    {
        LifecycleReason.Normal => "normal",
        LifecycleReason.Shutdown => "shutdown",
        LifecycleReason.Permanent => "permanent",
        LifecycleReason.Delete => "delete",
        LifecycleReason.Error => "error",
        LifecycleReason.OwnershipLost => "ownership_lost",
        LifecycleReason.Cordon => "cordon",
        LifecycleReason.PermanentlyCrashed => "permanently_crashed",
        _ => "other",
    };

    private void Record(Histogram<double> histogram, long began, string serverType, Exception? error)
    {
        var seconds = (_time.GetTimestamp() - began) * _secondsPerTick;
        if (error is null)
        {
            histogram.Record(seconds, new KeyValuePair<string, object?>(TypeTag, serverType));
        }
        else
        {
            histogram.Record(seconds, new(TypeTag, serverType), new(ErrorTag, error.GetType().FullName));
        }
    }

    private IEnumerable<Measurement<int>> ObserveMembers() => _isDisposed || Members is not { } members ? [] : [new Measurement<int>(members())];

    private IEnumerable<Measurement<int>> ObserveActive() =>
        _isDisposed ? [] : _active().Select(active => new Measurement<int>(active.Count, new KeyValuePair<string, object?>(TypeTag, active.ServerType)));
}
