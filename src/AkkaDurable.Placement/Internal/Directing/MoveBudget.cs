namespace AkkaDurable.Placement.Internal.Directing;

/// <summary>How many moves may begin: so many at once, so many within any minute.</summary>
internal sealed class MoveBudget(int atOnce, int perMinute)
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly Queue<DateTimeOffset> _begun = new();

    public int Left(int moving, DateTimeOffset now)
    {
        while (_begun.TryPeek(out var oldest) && now - oldest >= s_minute)
        {
            _begun.Dequeue();
        }

        return Math.Max(0, Math.Min(atOnce - moving, perMinute - _begun.Count));
    }

    public void Begun(DateTimeOffset now) => _begun.Enqueue(now);
}
