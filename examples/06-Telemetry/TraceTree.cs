using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;

namespace TelemetryExample;

/// <summary>Keeps all spans, to show a trace as a tree. A stand-in for Jaeger, Tempo, Application Insights…</summary>
internal sealed class TraceTree : BaseExporter<Activity>
{
    private readonly ConcurrentQueue<Activity> _spans = new();

    public override ExportResult Export(in Batch<Activity> batch)
    {
        foreach (var span in batch)
        {
            _spans.Enqueue(span);
        }

        return ExportResult.Success;
    }

    public bool Has(ActivityTraceId trace, string span) => _spans.Any(one => one.TraceId == trace && one.DisplayName == span);

    public IEnumerable<string> Lines(ActivityTraceId trace)
    {
        var below = _spans.Where(span => span.TraceId == trace).OrderBy(span => span.StartTimeUtc).ToLookup(span => span.ParentSpanId);
        return Below(default, "");

        IEnumerable<string> Below(ActivitySpanId parent, string indent) => below[parent].SelectMany(span => Below(span.SpanId, indent + "  ").Prepend(LineOf(span, indent)));
    }

    private static string LineOf(Activity span, string indent)
    {
        var node = span.GetTagItem("akka_durable.node") as string;
        return FormattableString.Invariant(
            $"{indent + span.DisplayName,-34} {span.Kind.ToString().ToLowerInvariant(),-9} {(node is null ? "" : node[(node.LastIndexOf(':') + 1)..]),-5} {span.Duration.TotalMilliseconds,8:0.0} ms{(span.Status == ActivityStatusCode.Error ? $"  {span.GetTagItem("error.type")}" : "")}");
    }
}
