using System.Numerics;

namespace AkkaDurable.Benchmarks.Load;

/// <summary>Counts durations in buckets that are at most 1.6 % wide, so that recording one costs next to nothing. Not safe for concurrent use: one a worker, merged at the end.</summary>
internal sealed class LatencyHistogram
{
    // Each power of two of nanoseconds is split into this many buckets.
    private const int StepBits = 6;
    private const int Steps = 1 << StepBits;

    private readonly long[] _counts = new long[Steps * (64 - StepBits)];

    public long Count { get; private set; }

    public void Add(TimeSpan duration)
    {
        _counts[BucketOf(duration.Ticks * TimeSpan.NanosecondsPerTick)]++;
        Count++;
    }

    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
    }

    /// <summary>The duration that this share of the recorded ones did not exceed.</summary>
    public TimeSpan Percentile(double share)
    {
        var rank = (long)Math.Ceiling(Count * share);
        var seen = 0L;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank && seen > 0)
            {
                return TimeSpan.FromTicks(UpperBound(i) / TimeSpan.NanosecondsPerTick);
            }
        }

        return TimeSpan.Zero;
    }

    private static int BucketOf(long nanoseconds)
    {
        if (nanoseconds < Steps)
        {
            return (int)Math.Max(nanoseconds, 0);
        }

        var shift = BitOperations.Log2((ulong)nanoseconds) - StepBits;
        return (shift << StepBits) + (int)(nanoseconds >> shift);
    }

    private static long UpperBound(int bucket)
    {
        if (bucket < Steps)
        {
            return bucket;
        }

        var shift = (bucket >> StepBits) - 1;
        return ((long)(bucket - (shift << StepBits)) + 1) << shift;
    }
}
