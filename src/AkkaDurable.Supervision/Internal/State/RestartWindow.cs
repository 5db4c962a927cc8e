namespace AkkaDurable.Supervision.Internal.State;

/// <summary>Counts restarts within a sliding window. Times come from outside and do not go back.</summary>
internal sealed class RestartWindow(RestartIntensity intensity)
{
    private readonly Queue<TimeSpan> _restarts = new();

    /// <summary>Notes a restart. One that is exactly a period old still counts.</summary>
    /// <returns>False when there are now too many.</returns>
    public bool TryAdd(TimeSpan now)
    {
        while (_restarts.TryPeek(out var oldest) && oldest < now - intensity.Period)
        {
            _restarts.Dequeue();
        }

        _restarts.Enqueue(now);
        return _restarts.Count <= intensity.Restarts;
    }
}
