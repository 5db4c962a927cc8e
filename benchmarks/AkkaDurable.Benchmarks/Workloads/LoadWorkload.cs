namespace AkkaDurable.Benchmarks.Workloads;

/// <summary>Calls to random counters for a while.</summary>
/// <param name="Name">For the command line and the ratios.</param>
/// <param name="Title">For people.</param>
/// <param name="Counters">Among how many counters.</param>
/// <param name="Outstanding">How many calls are under way at any time.</param>
/// <param name="Writes">Whether a call changes the count, or only reads it.</param>
/// <param name="IsQuick">Whether it is part of the quick set.</param>
internal sealed record LoadWorkload(string Name, string Title, int Counters, int Outstanding, bool Writes, bool IsQuick)
{
    /// <summary>All combinations.</summary>
    /// <param name="prefix">What their names begin with.</param>
    /// <param name="counters">Numbers of counters.</param>
    /// <param name="outstanding">Numbers of calls under way.</param>
    /// <param name="writes">Whether calls change the count.</param>
    /// <param name="quick">Which of them are part of the quick set.</param>
    public static IEnumerable<LoadWorkload> Grid(string prefix, int[] counters, int[] outstanding, bool writes, params (int Counters, int Outstanding)[] quick) =>
        from count in counters
        from calls in outstanding
        select new LoadWorkload($"{prefix}-{count}x{calls}", TitleOf(count, calls, writes), count, calls, writes, quick.Contains((count, calls)));

    private static string TitleOf(int counters, int outstanding, bool writes) =>
        $"{(writes ? "increment" : "read")}, {(counters == 1 ? "one counter" : $"{counters:N0} counters")}, {outstanding} outstanding";
}
