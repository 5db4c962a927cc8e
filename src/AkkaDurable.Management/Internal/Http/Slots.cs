namespace AkkaDurable.Management.Internal.Http;

/// <summary>So many at a time, and no queue. Safe for concurrent use.</summary>
internal sealed class Slots(int most)
{
    private int _taken;

    public bool TryTake()
    {
        if (Interlocked.Increment(ref _taken) <= most)
        {
            return true;
        }

        Interlocked.Decrement(ref _taken);
        return false;
    }

    public void Free() => Interlocked.Decrement(ref _taken);
}
