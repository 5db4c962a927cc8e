using System.Diagnostics;

namespace AkkaDurable.Placement.Internal.Telemetry;

/// <summary>The spans of what operators ask of placement. Safe for concurrent use; costs nothing while nobody listens.</summary>
internal static class PlacementSpans
{
    private static readonly ActivitySource s_source = new("AkkaDurable", typeof(PlacementSpans).Assembly.GetName().Version?.ToString(3));

    /// <summary>Runs a command under a span of its own.</summary>
    /// <param name="what">One word.</param>
    /// <param name="typeName">The type that it is about; null: a node.</param>
    /// <param name="shard">The shard that it is about; null: a node.</param>
    /// <param name="node">The node that it names, if any.</param>
    /// <param name="run">The command.</param>
    public static Task<PlacementCommandResult> Command(string what, string? typeName, string? shard, string? node, Func<Task<PlacementCommandResult>> run) =>
        s_source.HasListeners() ? Traced(what, typeName, shard, node, run) : run();

    private static async Task<PlacementCommandResult> Traced(string what, string? typeName, string? shard, string? node, Func<Task<PlacementCommandResult>> run)
    {
        using var span = s_source.StartActivity(typeName is null ? $"{what} node" : $"{what} {typeName}", ActivityKind.Internal);
        span?.SetTag("akka_durable.type", typeName).SetTag("akka_durable.shard", shard).SetTag("akka_durable.node", node);
        try
        {
            var result = await run().ConfigureAwait(false);
            span?.SetTag("akka_durable.node", result.Node ?? node).SetTag("akka_durable.outcome", result.Outcome.ToString());
            if (result.Outcome is not (PlacementCommandOutcome.Done or PlacementCommandOutcome.AlreadySo))
            {
                span?.SetStatus(ActivityStatusCode.Error, result.Text);
            }

            return result;
        }
        catch (Exception exception)
        {
            span?.SetStatus(ActivityStatusCode.Error, exception.Message).SetTag("error.type", exception.GetType().FullName);
            throw;
        }
    }
}
