namespace AkkaDurable.Sql.Internal.Writing;

/// <summary>Bounds how many operations wait, over all writers of a store.</summary>
internal sealed class WriteBacklog(int most)
{
    private int _waiting;

    public int Most { get; } = most;

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _waiting) <= Most)
        {
            return true;
        }

        Leave(1);
        return false;
    }

    /// <summary>For the few that are never refused.</summary>
    public void Enter() => Interlocked.Increment(ref _waiting);

    public void Leave(int count) => Interlocked.Add(ref _waiting, -count);
}
