using System.Numerics;

namespace AkkaDurable.Management.Internal.Dashboard;

/// <summary>How long things took, counted in buckets that are a fifth wider each than the one before, so that a quantile is off by a tenth at most. Pure arithmetic over <c>long[]</c> of <see cref="Length"/>.</summary>
internal static class LogHistogram
{
    // Four to each power of two, from 1 µs to 134 s.
    private const int PerOctave = 4;
    private const int Octaves = 27;
    private const double Least = 1e-6;

    public const int Length = (PerOctave * Octaves) + 1;

    /// <summary>The bucket of a duration.</summary>
    public static int BucketOf(double seconds) =>
        seconds >= Least ? Math.Min(1 + (int)(Math.Log2(seconds / Least) * PerOctave), Length - 1) : 0;

    /// <summary>The duration that so large a part of all is within, in seconds; null when there are none.</summary>
    public static double? Quantile(ReadOnlySpan<long> counts, double part)
    {
        var all = Sum(counts);
        if (all == 0)
        {
            return null;
        }

        var rank = Math.Ceiling(all * part);
        long seen = 0;
        var bucket = 0;
        while ((seen += counts[bucket]) < rank)
        {
            bucket++;
        }

        // The middle of the bucket.
        return bucket == 0 ? Least : Least * Math.Pow(2, (bucket - 0.5) / PerOctave);
    }

    public static long Sum(ReadOnlySpan<long> counts)
    {
        long sum = 0;
        foreach (var count in counts)
        {
            sum += count;
        }

        return sum;
    }

    public static void Add<T>(Span<T> to, ReadOnlySpan<T> counts)
        where T : INumber<T>
    {
        for (var i = 0; i < counts.Length; i++)
        {
            to[i] += counts[i];
        }
    }
}
