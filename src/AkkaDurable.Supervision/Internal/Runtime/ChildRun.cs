using Akka.Actor;

namespace AkkaDurable.Supervision.Internal.Runtime;

/// <summary>One start of a child, while its supervisor has to do with it.</summary>
internal sealed class ChildRun(long number, ChildSpec spec)
{
    public long Number { get; } = number;

    public ChildSpec Spec { get; } = spec;

    public IActorRef? Actor { get; set; }

    public SupervisorCell? Cell { get; set; }

    public IChildHandle? Handle { get; set; }

    /// <summary>The start of a handle. Does not fail.</summary>
    public Task<ChildStart>? Begun { get; set; }

    /// <summary>Cancels the start of a handle.</summary>
    public CancellationTokenSource? Starting { get; set; }

    /// <summary>It has started.</summary>
    public bool IsUp { get; set; }

    /// <summary>Waits for its end, or until it stayed up.</summary>
    public ITimer? Timer { get; set; }

    /// <summary>Kills the handle, also one whose start is not over yet and will not be heard of.</summary>
    public void KillHandle() => Begun?.ContinueWith(
        static begun => begun.Result.Handle?.Kill(),
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
