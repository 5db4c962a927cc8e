using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace AkkaDurable.Benchmarks.Contenders.OnAkkaDurable;

/// <summary>Listens to AkkaDurable's telemetry and does next to nothing with it: what is measured is what telling costs, not what a collector does.</summary>
internal static class Listening
{
    private static double s_sum;
    private static long s_spans;

    public static IDisposable ToMetrics()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == DurableTelemetry.MeterName)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => Volatile.Write(ref s_sum, value));
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Volatile.Write(ref s_sum, value));
        listener.Start();
        return listener;
    }

    public static IDisposable ToTraces()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == DurableTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ => Volatile.Write(ref s_spans, s_spans + 1),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
