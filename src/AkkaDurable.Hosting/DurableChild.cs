using AkkaDurable.Hosting.Internal.Supervision;

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
}
