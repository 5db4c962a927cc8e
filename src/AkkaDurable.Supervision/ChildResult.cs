using Akka.Actor;

namespace AkkaDurable.Supervision;

/// <summary>What a supervisor answered to a request about one child.</summary>
public sealed record ChildResult
{
    internal static ChildResult Ok { get; } = new();

    /// <summary>What was wrong; <see cref="ChildError.None"/>: nothing.</summary>
    public ChildError Error { get; internal init; }

    /// <summary>Whether it was done. A start that was ignored is done too, with no <see cref="Child"/>.</summary>
    public bool IsOk => Error == ChildError.None;

    /// <summary>The child's actor, when it runs and is one.</summary>
    public IActorRef? Child { get; internal init; }

    /// <summary>The number of this start of the child within its supervisor; 0: it does not run. See <see cref="DynamicSupervisor.TerminateChildAsync(long, CancellationToken)"/>.</summary>
    public long Number { get; internal init; }

    /// <summary>More about <see cref="Error"/>.</summary>
    public ExitReason? Reason { get; internal init; }

    /// <summary>Throws when it was not done.</summary>
    /// <returns>This result.</returns>
    /// <exception cref="SupervisorRequestException">It was not done.</exception>
    public ChildResult OrThrow() => IsOk ? this : throw new SupervisorRequestException(this);

    /// <summary>As <c>ok</c>, <c>Running</c>, <c>StartFailed: error: no price</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => IsOk ? "ok" : Reason is null ? Error.ToString() : $"{Error}: {Reason}";
}
