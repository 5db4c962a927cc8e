namespace AkkaDurable.Supervision;

/// <summary>A child of a tree did not start, so the tree was taken down again.</summary>
public sealed class ChildStartException : Exception
{
    internal ChildStartException(string path, ExitReason reason)
        : base($"the child {path} did not start: {reason}", reason.Exception)
    {
        Path = path;
        Reason = reason;
    }

    /// <summary>The child's id, after those of the supervisors above it: <c>checkout/payments</c>.</summary>
    public string Path { get; }

    /// <summary>Why it did not start.</summary>
    public ExitReason Reason { get; }
}
