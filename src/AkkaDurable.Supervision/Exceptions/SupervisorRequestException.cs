namespace AkkaDurable.Supervision;

/// <summary>A supervisor refused what it was asked for; see <see cref="ChildResult.OrThrow"/>.</summary>
public sealed class SupervisorRequestException : Exception
{
    internal SupervisorRequestException(ChildResult result)
        : base(result.ToString(), result.Reason?.Exception) => Result = result;

    /// <summary>What it answered.</summary>
    public ChildResult Result { get; }
}
