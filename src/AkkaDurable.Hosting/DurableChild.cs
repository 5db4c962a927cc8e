using Akka.Actor;
using AkkaDurable.Hosting.Internal.Supervision;
using AkkaDurable.Hosting.Internal.Supervision.Singletons;

namespace AkkaDurable.Supervision;

/// <summary>Puts durable servers into supervision trees.</summary>
public static class DurableChild
{
    /// <summary>The server with a key as a child, wherever in the cluster it runs: it is started with its supervisor, watched, and stopped with it.</summary>
    /// <typeparam name="TServer">The server class, registered on this node by <c>WithDurableServer</c> or <c>WithDurableServerProxy</c>.</typeparam>
    /// <param name="id">The child's id.</param>
    /// <param name="key">The server's key.</param>
    /// <param name="options">How it is watched; null: the defaults.</param>
    /// <returns>The spec.</returns>
    /// <remarks>
    /// <para>Exit reasons: a server that stopped in order, also by idling, has ended normally; one that was stopped for good, cordoned or deleted, with shutdown; one that crashed, was lost with its node, or was claimed again since it was
    /// started (it crashed in between, or moved), abnormally. So what stands behind it in a rest-for-one supervisor is restarted when its state in memory was.</para>
    /// <para>It is seen by asking, every <see cref="DurableChildOptions.CheckEvery"/>: an end is noticed that much later. Each node that has the child in its tree watches it; a permanent child is started again by each.</para>
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static ChildSpec Server<TServer>(string id, string key, DurableChildOptions? options = null)
        where TServer : DurableServer
    {
        options ??= new DurableChildOptions();
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.CheckEvery, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.LostAfter, TimeSpan.Zero, nameof(options));
        return ChildSpec.Start(id, context => ServerWatch.StartAsync(DurableServers.Get(context.System).For<TServer>()[key], options, context));
    }

    /// <summary>A whole server type as a child, on this node: while the child does not run none of the type's servers does, here. On other nodes they go on.</summary>
    /// <typeparam name="TServer">The server class, registered on this node by <c>WithDurableServer</c>.</typeparam>
    /// <param name="id">The child's id.</param>
    /// <param name="options">How it stops; null: the defaults.</param>
    /// <returns>The spec. Its <see cref="ChildSpec.Shutdown"/> is <see cref="DurableTypeChildOptions.StopWithin"/>.</returns>
    /// <remarks>
    /// <para>Start: servers may start, by their next message; permanent ones that were stopped by the child start at once, and what waited is handled. A node's servers may start as soon as the type is registered, before any tree: set
    /// <see cref="DurableServerOptions.StartsHeld"/> to have them wait for this. The type's restart breaker is closed.</para>
    /// <para>Stop: the running servers end their handlers, run <c>Terminate</c> with <see cref="StopReason.Shutdown"/>, save and leave memory, all at the same time; the child has ended when none is left. The shards stay on this node. From then on
    /// what is sent to them waits, up to <see cref="DurableServerOptions.MaxWaitingMessages"/> a server: casts in order, calls and starts until their time-out, with which they end with <see cref="PlacementUnavailableException"/> and do not run. Calls
    /// that wait are sent anew by their callers when the child starts, so they may come behind casts of the same caller. Questions (<c>InfoAsync</c>, <c>IsRunningAsync</c>) are answered at once, deletes and cordons done. When the node leaves,
    /// all that waits goes where the shards go.</para>
    /// <para>End: the child ends abnormally when the type's restart breaker opens on this node (<see cref="DurableServerOptions.BreakerCrashes"/>), when its servers have stopped or <see cref="DurableTypeChildOptions.StopWithin"/> is over. Single
    /// crashes do not end it: a server that crashed is restarted by its type. One child of all trees of a node may have the type; the start of another one fails.</para>
    /// <para>What stops last is what the tree's order says, but a handler that awaits another server of the type waits for its call's time-out while that one is held. After the tree's stop, or when its supervisor has given up, the type stays
    /// held.</para>
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static ChildSpec ServerType<TServer>(string id, DurableTypeChildOptions? options = null)
        where TServer : DurableServer
    {
        options ??= new DurableTypeChildOptions();
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.StopWithin, TimeSpan.Zero, nameof(options));
        return ChildSpec.Start(id, context =>
        {
            var servers = DurableServers.Get(context.System);
            return Task.FromResult(ServerTypeRun.Start(servers.Node.TypeOf(servers.For<TServer>().ServerType), options, context.TimeProvider));
        }) with { Shutdown = Shutdown.After(options.StopWithin) };
    }

    /// <summary>A cluster singleton as a child: an actor that runs once in the whole cluster, on the oldest node whose tree has the child, and moves to the next oldest when that node leaves or is lost.</summary>
    /// <param name="id">The child's id.</param>
    /// <param name="props">How it is made.</param>
    /// <param name="options">How it runs; null: the defaults.</param>
    /// <returns>The spec.</returns>
    /// <inheritdoc cref="Singleton(string, Func{ChildStartContext, Props}, DurableSingletonOptions)" path="/remarks"/>
    public static ChildSpec Singleton(string id, Props props, DurableSingletonOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(props);
        return Singleton(id, _ => props, options);
    }

    /// <summary>As the other overload, with props that are made anew at each start of the singleton. When the function throws, the singleton has ended abnormally.</summary>
    /// <param name="id">The child's id.</param>
    /// <param name="props">Makes the props. Runs in an actor: it must not block.</param>
    /// <param name="options">How it runs; null: the defaults.</param>
    /// <returns>The spec.</returns>
    /// <remarks>
    /// <para>Every node that may have the singleton has the child in its tree, under the same id (or <see cref="DurableSingletonOptions.Name"/>). Where the singleton is not, the child runs too: it is ready to take it. The child's actor
    /// (<see cref="SupervisionTree.Child"/>) leads to the singleton wherever it is, and keeps messages for a while when it is nowhere.</para>
    /// <para>End: when the singleton throws or stops by itself, the child of the node that has it ends with its reason, and <see cref="ChildSpec.Restart"/> decides; Akka does not restart it in place. The other nodes' children hear nothing of it.
    /// Until it is restarted the singleton runs nowhere, since its node is still the oldest; if it is not restarted it does so until that node leaves.</para>
    /// <para>Stop: the singleton is asked to end, within <see cref="ChildSpec.Shutdown"/>, then the node is ready for it no more. When the node leaves the cluster the next oldest starts the singleton once this one has left. When
    /// it moves for that reason no child ends but the one of the node that leaves.</para>
    /// <para>In a partition two sides may each have one until the cluster has decided which lives on; what must never run twice is a durable server.</para>
    /// </remarks>
    public static ChildSpec Singleton(string id, Func<ChildStartContext, Props> props, DurableSingletonOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(props);
        options ??= new DurableSingletonOptions();
        return ChildSpec.Start(id, context => SingletonRun.StartAsync(options.Name ?? id, props, options, context));
    }
}
