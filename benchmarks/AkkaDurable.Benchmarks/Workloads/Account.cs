namespace AkkaDurable.Benchmarks.Workloads;

/// <summary>What a contender's counters hold, against what it acknowledged.</summary>
/// <param name="Contender">Its name.</param>
/// <param name="Acknowledged">Increments that were answered.</param>
/// <param name="Failed">Increments that ended with an exception and may or may not have happened.</param>
/// <param name="Counted">What the counters add up to.</param>
/// <param name="Unreadable">Why a counter could not be read, if one could not.</param>
internal sealed record Account(string Contender, long Acknowledged, long Failed, long Counted, Exception? Unreadable)
{
    public long Lost => Math.Max(Acknowledged - Counted, 0);

    public long Doubled => Math.Max(Counted - Acknowledged - Failed, 0);

    public bool IsRight => Lost == 0 && Doubled == 0 && Unreadable is null;
}
