using System.Diagnostics.Metrics;
using AkkaDurable.Management.Internal.Dashboard;
using Microsoft.Extensions.Time.Testing;

namespace AkkaDurable.Management.Tests.Dashboard;

/// <summary>Listeners are of the whole process: the types' names tell what is this test's.</summary>
[Collection(nameof(Alone))]
public sealed class CallMeterTests
{
    private const string Type = "call-meter-test";

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void It_counts_calls_failures_and_what_becomes_of_servers()
    {
        using var meter = new Meter("AkkaDurable");
        var calls = meter.CreateHistogram<double>("akka_durable.call.duration", "s");
        var crashes = meter.CreateCounter<long>("akka_durable.server.crashes");
        using var listener = new CallMeter(_time);
        for (var i = 0; i < 99; i++)
        {
            calls.Record(0.002, new KeyValuePair<string, object?>("akka_durable.type", Type));
        }

        calls.Record(1.5, new("akka_durable.type", Type), new("error.type", "CallTimeout"));
        crashes.Add(3, new KeyValuePair<string, object?>("akka_durable.type", Type));
        _time.Advance(TimeSpan.FromSeconds(5));

        var (length, types) = listener.Read();
        Assert.Equal(TimeSpan.FromSeconds(5), length);
        var counts = types[Type];
        Assert.Equal((100L, 1L, 3L), (LogHistogram.Sum(counts.Durations), counts.FailedCalls, counts.Counters[2]));
        Assert.InRange(LogHistogram.Quantile(counts.Durations, 0.5)!.Value, 0.0018, 0.0022);
        Assert.InRange(LogHistogram.Quantile(counts.Durations, 0.995)!.Value, 1.35, 1.65);
    }

    [Fact]
    public void What_was_long_ago_is_forgotten()
    {
        using var meter = new Meter("AkkaDurable");
        var calls = meter.CreateHistogram<double>("akka_durable.call.duration", "s");
        using var listener = new CallMeter(_time);
        for (var i = 0; i < 20; i++)
        {
            calls.Record(0.001, new KeyValuePair<string, object?>("akka_durable.type", Type));
            _time.Advance(TimeSpan.FromSeconds(2));
            var (length, types) = listener.Read();
            Assert.Equal(Math.Min(i + 1, 5), LogHistogram.Sum(types[Type].Durations));
            Assert.Equal(TimeSpan.FromSeconds(2 * Math.Min(i + 1, 5)), length);
        }

        for (var i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            listener.Read();
        }

        Assert.DoesNotContain(Type, listener.Read().Types.Keys);
    }

    [Fact]
    public void Nothing_is_measured_without_it()
    {
        using var meter = new Meter("AkkaDurable");
        var calls = meter.CreateHistogram<double>("akka_durable.call.duration", "s");
        Assert.False(calls.Enabled);
        using (new CallMeter(_time))
        {
            Assert.True(calls.Enabled);
        }

        Assert.False(calls.Enabled);
    }

    [Fact]
    public void A_quantile_is_off_by_a_tenth_at_most()
    {
        var random = new Random(4711);
        for (var round = 0; round < 200; round++)
        {
            var values = Enumerable.Range(0, random.Next(1, 400)).Select(_ => Math.Exp((random.NextDouble() * 14) - 13)).Order().ToArray();
            var counts = new long[LogHistogram.Length];
            foreach (var value in values)
            {
                counts[LogHistogram.BucketOf(value)]++;
            }

            foreach (var part in new[] { 0.01, 0.5, 0.99, 1 })
            {
                var exact = values[(int)Math.Ceiling(values.Length * part) - 1];
                Assert.InRange(LogHistogram.Quantile(counts, part)!.Value, exact / 1.1, exact * 1.1);
            }
        }

        Assert.Null(LogHistogram.Quantile(new long[LogHistogram.Length], 0.5));
        Assert.Equal((0, LogHistogram.Length - 1), (LogHistogram.BucketOf(0), LogHistogram.BucketOf(1e9)));
    }
}
