namespace AkkaDurable.Sql.Internal.Writing;

/// <summary>Bounds how many operations wait, and how many bytes of states with them, over all writers of a store.</summary>
internal sealed class WriteBacklog(int most, long mostBytes = WriteBacklog.DefaultMostBytes)
{
    public const long DefaultMostBytes = 256 << 20;

    private int _waiting;
    private long _bytes;

    public int Most { get; } = most;

    public long MostBytes { get; } = mostBytes;

    /// <summary>Lets an operation in, whatever its size when no other one has a state.</summary>
    public bool TryEnter(int size = 0)
    {
        var waiting = Interlocked.Increment(ref _waiting);
        var bytes = Interlocked.Add(ref _bytes, size);
        if (waiting <= Most && (bytes <= MostBytes || bytes == size))
        {
            return true;
        }

        Leave(1, size);
        return false;
    }

    /// <summary>For the few that are never refused.</summary>
    public void Enter() => Interlocked.Increment(ref _waiting);

    public void Leave(int count, long bytes)
    {
        Interlocked.Add(ref _waiting, -count);
        Interlocked.Add(ref _bytes, -bytes);
    }
}
