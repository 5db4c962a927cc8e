namespace AkkaDurable.Sql.Internal.Leasing;

/// <summary>One time of holding a lease, from acquiring it to its end.</summary>
/// <remarks>It is fresh for a little less than its time to live, counted on the monotonic clock from before the acquisition or renewal was sent: the database counts from later, so it ends here before it ends there.</remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "Waits may still look at the source; it holds nothing once it is cancelled.")]
internal sealed class LeaseHold(TimeProvider time, TimeSpan timeToLive, long asked, Action<Exception>? lost)
{
    // For the clocks' rates: those of two machines differ by far less.
    private const double Share = 0.95;

    private readonly CancellationTokenSource _ended = new();
    private long _asked = asked;

    public Action<Exception>? Lost { get; } = lost;

    public CancellationToken Ended => _ended.Token;

    /// <summary>How long it is fresh without another renewal; zero when it is not.</summary>
    public TimeSpan Remaining
    {
        get
        {
            var left = (timeToLive * Share) - time.GetElapsedTime(Interlocked.Read(ref _asked));
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    public bool IsFresh => Remaining > TimeSpan.Zero;

    public void Extend(long asked) => Interlocked.Exchange(ref _asked, asked);

    public void End() => _ended.Cancel();
}
