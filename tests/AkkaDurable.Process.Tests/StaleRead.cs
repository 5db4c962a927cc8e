namespace AkkaDurable.Process.Tests;

/// <summary>A read that said what no server could say at that time.</summary>
/// <param name="Read">The read.</param>
/// <param name="Least">What was known of the key before the read began: a later state was acknowledged, or read, by then.</param>
/// <param name="Most">What had been sent by the end of the read.</param>
internal readonly record struct StaleRead(Read Read, long Least, long Most)
{
    /// <summary>Compares reads with what the load knows. Only what ended before a read began is held against it: the order of what overlaps is free.</summary>
    public static IReadOnlyList<StaleRead> Find(IEnumerable<Read> reads, IEnumerable<LoadKey> keys)
    {
        var byKey = reads.Where(read => read.Failure is null).ToLookup(read => read.Key, StringComparer.Ordinal);
        return [.. keys.SelectMany(key => Find([.. byKey[key.Key]], key))];
    }

    public override string ToString() =>
        $"process {Read.Process} read {Read.Changes} of {Read.Key}, {(Read.Changes < Least ? $"after {Least} was known" : $"when only {Most} were sent")} (began at {Read.Start}, took {(Read.End - Read.Start) / (TimeProvider.System.TimestampFrequency / 1_000)} ms)";

    private static IEnumerable<StaleRead> Find(Read[] reads, LoadKey key)
    {
        var known = key.AcknowledgedAt.Select((at, i) => (At: at, Changes: i + 1L))
            .Concat(reads.Select(read => (At: read.End, read.Changes)))
            .OrderBy(fact => fact.At)
            .ToArray();
        var next = 0;
        var least = 0L;
        foreach (var read in reads.OrderBy(read => read.Start))
        {
            for (; next < known.Length && known[next].At < read.Start; next++)
            {
                least = Math.Max(least, known[next].Changes);
            }

            var sent = key.SentAt.BinarySearch(read.End);
            var most = sent >= 0 ? sent + 1 : ~sent;
            if (read.Changes < least || read.Changes > most)
            {
                yield return new StaleRead(read, least, most);
            }
        }
    }
}
