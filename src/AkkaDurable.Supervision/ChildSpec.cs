using Akka.Actor;
using AkkaDurable.Supervision.Internal;
using AkkaDurable.Supervision.Internal.Specs;

namespace AkkaDurable.Supervision;

/// <summary>A child of a supervisor: how it is started, ended and restarted. Made by <see cref="Worker{TActor}()"/> and its like, or by <see cref="Supervisor"/> for a supervisor below another; changed by <c>with</c>.</summary>
public abstract record ChildSpec
{
    private readonly Shutdown? _shutdown;

    private protected ChildSpec(string id) => Id = id;

    /// <summary>Names the child within its supervisor. Not empty. Also its actor's name, with what a path may not hold escaped.</summary>
    public string Id { get; init; }

    /// <summary>When it is started again after it ended.</summary>
    /// <value>Default <see cref="Supervision.Restart.Permanent"/>.</value>
    public Restart Restart { get; init; } = Restart.Permanent;

    /// <summary>How its supervisor ends it.</summary>
    /// <value>Default 5 s for a worker, infinity for a supervisor.</value>
    public Shutdown Shutdown
    {
        get => _shutdown ?? (Type == ChildType.Supervisor ? Shutdown.Infinity : Shutdown.After(TimeSpan.FromSeconds(5)));
        init => _shutdown = value;
    }

    /// <summary>Whether its end can end its supervisor, see <see cref="AutoShutdown"/>. Not for permanent children.</summary>
    /// <value>Default false.</value>
    public bool Significant { get; init; }

    /// <summary>Worker or supervisor.</summary>
    /// <value>Default worker; for what <see cref="Supervisor"/> makes: supervisor.</value>
    public ChildType Type { get; init; } = ChildType.Worker;

    /// <summary>Waits before it is started again; null: at once, as in OTP.</summary>
    /// <value>Default null.</value>
    public RestartBackoff? Backoff { get; init; }

    /// <summary>The message by which an actor is asked to end, for one that has something to do first; it then ends by itself. Null: Akka's stop, after the message that is being handled.</summary>
    /// <value>Default null.</value>
    public object? StopMessage { get; init; }

    /// <summary>An actor, made by its class's constructor; under Akka.Hosting with the app's services. Its id is the class's name.</summary>
    /// <typeparam name="TActor">The actor's class.</typeparam>
    /// <returns>The spec.</returns>
    public static ChildSpec Worker<TActor>()
        where TActor : ActorBase => Worker<TActor>(typeof(TActor).Name);

    /// <summary>An actor, made by its class's constructor; under Akka.Hosting with the app's services.</summary>
    /// <typeparam name="TActor">The actor's class.</typeparam>
    /// <param name="id">The child's id.</param>
    /// <param name="arguments">Arguments of the constructor.</param>
    /// <returns>The spec.</returns>
    public static ChildSpec Worker<TActor>(string id, params object[] arguments)
        where TActor : ActorBase
    {
        Props? props = null;
        return new ActorSpec(id, context => props ??= context.Props(typeof(TActor), arguments));
    }

    /// <summary>An actor from props.</summary>
    /// <param name="id">The child's id.</param>
    /// <param name="props">How it is made.</param>
    /// <returns>The spec.</returns>
    public static ChildSpec Worker(string id, Props props)
    {
        ArgumentNullException.ThrowIfNull(props);
        return new ActorSpec(id, _ => props);
    }

    /// <summary>An actor from props that are made anew at each start. When the function throws, the start fails.</summary>
    /// <param name="id">The child's id.</param>
    /// <param name="props">Makes the props. Runs in the supervisor: it must not block.</param>
    /// <returns>The spec.</returns>
    public static ChildSpec Worker(string id, Func<ChildStartContext, Props> props)
    {
        ArgumentNullException.ThrowIfNull(props);
        return new ActorSpec(id, props);
    }

    /// <summary>Anything that can be started, watched and ended: a connection, a background loop, a server elsewhere. The next child starts when this one's start has succeeded.</summary>
    /// <param name="id">The child's id.</param>
    /// <param name="start">Starts it. Runs on the thread pool; an exception is a failed start. Its cancellation token is cancelled when the supervisor ends meanwhile.</param>
    /// <returns>The spec.</returns>
    public static ChildSpec Start(string id, Func<ChildStartContext, Task<ChildStart>> start)
    {
        ArgumentNullException.ThrowIfNull(start);
        return new HandleSpec(id, start);
    }

    /// <summary>The longest that it may take to stop, with all below it: children of ordered supervisors one after the other.</summary>
    /// <param name="killGrace">The tree's <see cref="SupervisionOptions.KillGrace"/>.</param>
    /// <returns>The time; null when a child has no limit, or a dynamic supervisor's children are not known.</returns>
    public TimeSpan? ShutdownBudget(TimeSpan killGrace) => Internal.Specs.ShutdownBudget.Of(this, killGrace);

    /// <summary>The spec with all below it, one line a child.</summary>
    /// <returns>The text.</returns>
    public sealed override string ToString() => TreeText.Of(this);
}
