namespace AkkaDurable.Supervision;

/// <summary>What a start came to. OTP's <c>{ok, Pid}</c>, <c>ignore</c>, <c>{error, Reason}</c>.</summary>
public sealed class ChildStart
{
    private ChildStart(IChildHandle? handle, ExitReason? failure)
    {
        Handle = handle;
        Failure = failure;
    }

    /// <summary>There is nothing to run: the spec is kept (a temporary child's is not), and the next child is started.</summary>
    public static ChildStart Ignore { get; } = new(null, null);

    internal IChildHandle? Handle { get; }

    internal ExitReason? Failure { get; }

    /// <summary>It runs.</summary>
    /// <param name="handle">What runs.</param>
    /// <returns>The result.</returns>
    public static ChildStart Ok(IChildHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return new(handle, null);
    }

    /// <summary>It did not start.</summary>
    /// <param name="reason">Why.</param>
    /// <returns>The result.</returns>
    public static ChildStart Failed(ExitReason reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return new(null, reason);
    }
}
