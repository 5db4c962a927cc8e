using Akka.Actor;

namespace AkkaDurable.Supervision;

/// <summary>How a tree runs.</summary>
public sealed record SupervisionOptions
{
    /// <summary>The clock of restart windows, shutdown times and back-offs.</summary>
    /// <value>Default the system's.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How long a child that was killed may take to end before its supervisor goes on without it. Zero or more.</summary>
    /// <value>Default 1 s.</value>
    public TimeSpan KillGrace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What is done when the root ends though nobody stopped the tree. Runs on the thread pool, once.</summary>
    /// <value>Default <see cref="RootExit.EndTheSystem"/>: logs, and unless the root ended by <see cref="AutoShutdown"/> terminates the actor system and sets the process's exit code to 1.</value>
    public Action<RootExit, ActorSystem> OnRootExit { get; init; } = RootExit.EndTheSystem;

    /// <summary>Makes the props of <see cref="ChildSpec.Worker{TActor}()"/>; Akka.Hosting sets one that uses the app's services. Null: by constructor.</summary>
    /// <value>Default null.</value>
    public Func<ActorSystem, Type, object[], Props>? PropsFactory { get; init; }

    /// <summary>Where the jitter of back-offs comes from. Used under a lock.</summary>
    /// <value>Default a new one.</value>
    public Random Random { get; init; } = new();

    /// <summary>The phase of coordinated shutdown in which the tree is stopped; trees that were started later are stopped first. Null: not at all.</summary>
    /// <value>Default the first phase, <c>before-service-unbind</c>. Its time-out (Akka's default: 5 s) is the tree's.</value>
    public string? ShutdownPhase { get; init; } = CoordinatedShutdown.PhaseBeforeServiceUnbind;
}
