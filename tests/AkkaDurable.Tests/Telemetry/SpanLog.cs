using System.Collections.Concurrent;
using System.Diagnostics;

namespace AkkaDurable.Tests.Telemetry;

/// <summary>The tests of spans run by themselves: whoever listens to a source does so in the whole process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SpanTestsAlone
{
    public const string Name = "spans";
}

/// <summary>Listens to the source "AkkaDurable" and keeps the spans that have ended, of one server.</summary>
internal sealed class SpanLog : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    /// <param name="key">The server's key.</param>
    /// <param name="sampling">What to do with a span below a recorded one, or without one above. Below one that is not recorded nothing is.</param>
    public SpanLog(string key, ActivitySamplingResult sampling = ActivitySamplingResult.AllDataAndRecorded)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is DurableTelemetry.ActivitySourceName or "test",

            // As OpenTelemetry's sampler that follows the parent.
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Parent.TraceId == default || (options.Parent.TraceFlags & ActivityTraceFlags.Recorded) != 0 ? sampling
                : options.Parent.IsRemote ? ActivitySamplingResult.PropagationData
                : ActivitySamplingResult.None,
            ActivityStopped = span =>
            {
                if (span.GetTagItem("akka_durable.key") is not string of || of == key)
                {
                    _ended.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IReadOnlyList<Activity> All => [.. _ended];

    public Activity One(string name, ActivityKind kind) => Assert.Single(All, span => span.DisplayName == name && span.Kind == kind);

    /// <summary>Spans of the server itself may end just after its reply.</summary>
    public async Task<Activity> NextAsync(string name)
    {
        Activity? found = null;
        var deadline = Stopwatch.GetTimestamp() + (10 * Stopwatch.Frequency);
        while (found is null && Stopwatch.GetTimestamp() < deadline)
        {
            found = All.FirstOrDefault(span => span.DisplayName == name);
            await Task.Yield();
        }

        Assert.True(found is not null, $"No span '{name}' among: {string.Join(", ", All.Select(span => span.DisplayName))}");
        return found;
    }

    public void Dispose() => _listener.Dispose();
}
