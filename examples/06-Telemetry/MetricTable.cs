using System.Globalization;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace TelemetryExample;

/// <summary>Shows metrics as lines. A stand-in for Prometheus and the like.</summary>
internal sealed class MetricTable : BaseExporter<Metric>
{
    /// <summary>Whether nothing more is shown: when the host stops, all is told once more.</summary>
    public bool IsQuiet { get; set; }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        if (IsQuiet)
        {
            return ExportResult.Success;
        }

        foreach (var metric in batch)
        {
            foreach (ref readonly var point in metric.GetMetricPoints())
            {
                var tags = new List<string>();
                foreach (var tag in point.Tags)
                {
                    tags.Add($"{tag.Key["akka_durable.".Length..]}={tag.Value}");
                }

                Console.WriteLine($"{metric.Name,-38} {ValueOf(metric, point),-24} {string.Join(' ', tags)}");
            }
        }

        return ExportResult.Success;
    }

    private static string ValueOf(Metric metric, in MetricPoint point) => metric.MetricType switch
    {
        MetricType.Histogram => string.Create(CultureInfo.InvariantCulture, $"{point.GetHistogramCount()} in {1000 * point.GetHistogramSum():0.0} ms"),
        MetricType.LongSum or MetricType.LongSumNonMonotonic => string.Create(CultureInfo.InvariantCulture, $"{point.GetSumLong()} {metric.Unit}"),
        MetricType.DoubleGauge => string.Create(CultureInfo.InvariantCulture, $"{point.GetGaugeLastValueDouble():0.00}"),
        _ => metric.MetricType.ToString(),
    };
}
