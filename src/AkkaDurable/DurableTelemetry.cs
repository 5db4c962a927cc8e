namespace AkkaDurable;

/// <summary>The names by which an application asks for telemetry: with OpenTelemetry, <c>AddMeter</c> and <c>AddSource</c>. What is told under them is in this package's README.</summary>
public static class DurableTelemetry
{
    /// <summary>The meter of all metrics of AkkaDurable, placement and supervision included.</summary>
    public const string MeterName = "AkkaDurable";

    /// <summary>The activity source of all spans of AkkaDurable. While nobody listens to it, nothing is measured, allocated or sent along with messages for traces.</summary>
    public const string ActivitySourceName = "AkkaDurable";
}
