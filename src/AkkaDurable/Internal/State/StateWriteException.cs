namespace AkkaDurable.Internal.State;

/// <summary>A state cannot be stored. Stays inside the runtime, which turns it into the caller's exception.</summary>
internal sealed class StateWriteException(string message, long size, long limit, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>0 unless the state is too large.</summary>
    public long Size { get; } = size;

    public long Limit { get; } = limit;

    public bool IsTooLarge => Size > 0;
}
