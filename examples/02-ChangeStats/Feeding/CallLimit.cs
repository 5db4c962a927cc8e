namespace ChangeStats.Feeding;

/// <summary>How many calls are under way, not counting those that have waited for long.</summary>
internal sealed class CallLimit(int most, TimeSpan stalledAfter, TimeProvider time)
{
    // In the order in which they were sent, so the oldest are in front; some have ended since.
    private readonly Queue<(Task Attempt, long SentAt)> _sent = new();
    private readonly HashSet<Task> _prompt = [];

    public bool IsReached => _prompt.Count >= most;

    public void Sent(Task attempt)
    {
        _prompt.Add(attempt);
        _sent.Enqueue((attempt, time.GetTimestamp()));
    }

    public void Ended(Task attempt) => _prompt.Remove(attempt);

    /// <summary>Sets aside what has waited for long.</summary>
    public void SetAside()
    {
        while (_sent.TryPeek(out var oldest) && (oldest.Attempt.IsCompleted || time.GetElapsedTime(oldest.SentAt) > stalledAfter))
        {
            _sent.Dequeue();
            _prompt.Remove(oldest.Attempt);
        }
    }
}
