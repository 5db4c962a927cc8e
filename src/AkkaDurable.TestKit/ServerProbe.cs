using AkkaDurable.Storage;

namespace AkkaDurable.TestKit;

/// <summary>Makes probes: one server of yours, run by the real runtime over a store in memory and a clock that you move, with no actor system.</summary>
public static class ServerProbe
{
    /// <summary>A probe for a server object. After a crash or stop a new object is made by the class's constructor without parameters.</summary>
    /// <typeparam name="TState">The server's state.</typeparam>
    /// <param name="server">The server.</param>
    /// <param name="key">Its key.</param>
    /// <param name="configure">Changes the options of the server type. In a probe servers neither passivate nor wait before a restart by default.</param>
    /// <param name="store">Where the state is kept; not disposed of by the probe. Default: a store in memory.</param>
    /// <returns>The probe. Dispose of it to stop the server's timers.</returns>
    public static ServerProbe<TState> For<TState>(DurableServer<TState> server, string key = "probe", Action<DurableServerOptions>? configure = null, IStateStore? store = null)
        where TState : notnull
    {
        ArgumentNullException.ThrowIfNull(server);
        DurableServer<TState>? first = server;
        return new(
            server.GetType(),
            () => Interlocked.Exchange(ref first, null) ?? Another(server.GetType()),
            key,
            configure,
            store);

        static DurableServer<TState> Another(Type type) =>
            type.GetConstructor(Type.EmptyTypes) is not null
                ? (DurableServer<TState>)Activator.CreateInstance(type)!
                : throw new InvalidOperationException($"{type.Name} has no constructor without parameters to make another one after a stop or crash. Use ServerProbe.For(() => new {type.Name}(…)).");
    }

    /// <summary>A probe for servers that a factory makes, one for each start.</summary>
    /// <typeparam name="TState">The server's state.</typeparam>
    /// <param name="factory">Makes the server, always of the same class.</param>
    /// <param name="key">Its key.</param>
    /// <param name="configure">Changes the options of the server type. In a probe servers neither passivate nor wait before a restart by default.</param>
    /// <param name="store">Where the state is kept; not disposed of by the probe. Default: a store in memory.</param>
    /// <returns>The probe. Dispose of it to stop the server's timers.</returns>
    public static ServerProbe<TState> For<TState>(Func<DurableServer<TState>> factory, string key = "probe", Action<DurableServerOptions>? configure = null, IStateStore? store = null)
        where TState : notnull
    {
        ArgumentNullException.ThrowIfNull(factory);

        // The first one is made now, to know its class.
        DurableServer<TState>? first = factory();
        return new(first.GetType(), () => Interlocked.Exchange(ref first, null) ?? factory(), key, configure, store);
    }
}
