namespace AkkaDurable.Benchmarks.Contenders;

/// <summary>The keys of the counters, the same for all contenders. Made once, so that nobody pays for making them.</summary>
internal static class CounterKeys
{
    public static string Of(int counter) => $"counter-{counter:000000}";

    public static string[] First(int count) => [.. Enumerable.Range(0, count).Select(Of)];
}
