using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using AkkaDurable.Storage;
using AkkaDurable.TestKit;

namespace AkkaDurable.Tests.Telemetry;

/// <summary>What the meter "AkkaDurable" tells.</summary>
public sealed class MetricsTests : IDisposable
{
    private readonly ConcurrentQueue<(string Instrument, double Value, IReadOnlyDictionary<string, object?> Tags)> _told = new();
    private readonly MeterListener _listener = new();

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Calls_saves_starts_and_stops_are_told_by_type_and_never_by_key()
    {
        await using (var probe = ServerProbe.For(new Metered(), key: "secret-key"))
        {
            Listen(probe);
            Assert.Equal(1, await probe.CallAsync(new Step()));
            Assert.Equal(2, await probe.CallAsync(new Step()));
            _listener.RecordObservableInstruments();
            await probe.StopAsync();
        }

        Assert.Equal(2, Of("akka_durable.call.duration").Count());
        Assert.All(Of("akka_durable.call.duration"), call => Assert.True(call.Value >= 0 && !call.Tags.ContainsKey("error.type")));
        Assert.True(Of("akka_durable.store.save.duration").Count() >= 2);
        Assert.Single(Of("akka_durable.store.claim.duration"));
        Assert.Single(Of("akka_durable.server.start.duration"));
        Assert.Equal("created", Assert.Single(Of("akka_durable.server.starts")).Tags["akka_durable.outcome"]);
        Assert.Equal("normal", Assert.Single(Of("akka_durable.server.stops")).Tags["akka_durable.reason"]);
        Assert.Contains(Of("akka_durable.server.active"), active => active.Value == 1);
        Assert.DoesNotContain(_told, told => told.Tags.Values.Any(value => value is string text && text.Contains("secret-key", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Failures_are_told_by_their_type()
    {
        await using var probe = ServerProbe.For(() => new Metered());
        Listen(probe);
        await probe.CallAsync(new Step());
        await Assert.ThrowsAsync<HandlerFailedException>(() => probe.CallAsync(new Break()));
        await probe.CallAsync(new Step());

        Assert.Equal(typeof(HandlerFailedException).FullName, Assert.Single(Of("akka_durable.call.duration"), call => call.Tags.ContainsKey("error.type")).Tags["error.type"]);
        Assert.Equal(typeof(InvalidOperationException).FullName, Assert.Single(Of("akka_durable.server.crashes")).Tags["error.type"]);
        Assert.Equal("error", Assert.Single(Of("akka_durable.server.stops")).Tags["akka_durable.reason"]);
        Assert.Equal(["created", "resumed"], Of("akka_durable.server.starts").Select(start => start.Tags["akka_durable.outcome"]));
    }

    [Fact]
    public async Task A_save_that_another_owner_made_void_is_told_as_a_conflict()
    {
        await using var probe = ServerProbe.For(() => new Metered());
        Listen(probe);
        await probe.CallAsync(new Step());
        await probe.Store.ClaimAsync(new ClaimRequest(probe.Id, 99, "elsewhere", true, 1));
        await Assert.ThrowsAsync<OwnershipLostException>(() => probe.CallAsync(new Step()));

        Assert.Single(Of("akka_durable.store.conflicts"));
        Assert.Contains(Of("akka_durable.server.stops"), stop => (string?)stop.Tags["akka_durable.reason"] == "ownership_lost");
    }

    // Other tests run at the same time, each with a node and a meter of its own.
    private void Listen(ServerProbe<MeteredState> probe)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, probe.Node.Metrics.Meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    private IEnumerable<(string Instrument, double Value, IReadOnlyDictionary<string, object?> Tags)> Of(string instrument) => _told.Where(told => told.Instrument == instrument);

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var all = new Dictionary<string, object?>();
        foreach (var (name, tag) in tags)
        {
            all[name] = tag;
        }

        Assert.Equal("AkkaDurable", instrument.Meter.Name);
        Assert.Equal("probe", all["akka_durable.type"]);
        _told.Enqueue((instrument.Name, value, all));
    }

    public sealed record MeteredState(int Count);

    public sealed record Step : ICall<int>;

    public sealed record Break : ICall<int>;

    public sealed class Metered : DurableServer<MeteredState>
    {
        protected override MeteredState InitialState => new(0);

        protected override ValueTask<CallResult> HandleCall(object request, From from, MeteredState state) => request switch
        {
            Step => Reply(state.Count + 1, new MeteredState(state.Count + 1)),
            _ => throw new InvalidOperationException("broken"),
        };
    }
}
