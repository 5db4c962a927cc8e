using System.Globalization;

namespace AkkaDurable.Benchmarks;

internal static class Durations
{
    public static string Text(TimeSpan time) =>
        time.TotalMilliseconds < 0.1 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMicroseconds:0.0} µs") : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.00} ms");
}
