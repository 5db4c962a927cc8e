using Akka.Actor;

namespace AkkaDurable;

/// <summary>What becomes of servers and groups, on all nodes. Injectable; safe for concurrent use.</summary>
/// <remarks>
/// <para>The first batch says what there is: a <see cref="LifecycleEventKind.Registered"/> for each running server that the filter matches, a <see cref="LifecycleEventKind.Joined"/> for each member. After that come changes, those of
/// one server or member in one order. A watcher that missed some is told so (<see cref="LifecycleBatch.Missed"/>) together with what there is now.</para>
/// <para>A server is registered when its <c>Init</c> is done, with the metadata of <c>.Meta(map)</c>, updated when that changes, and unregistered when it has stopped. Metadata is told when the state of the result that set it is stored.
/// When a server moves, its former run is told to be over before the next one is told of, whichever node is quicker.</para>
/// <para>What another node told is kept while that node is out of reach, until the cluster removes it. Servers cost nothing more while nobody watches.</para>
/// </remarks>
public interface IDurableEvents
{
    /// <summary>Watches until the enumeration ends.</summary>
    /// <param name="filter">Which servers or groups.</param>
    /// <param name="capacity">How many batches may wait to be read; beyond, events are missed. At least 1.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The batches; the enumeration ends with the actor system.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is less than 1.</exception>
    IAsyncEnumerable<LifecycleBatch> WatchAsync(LifecycleFilter filter, int capacity = 256, CancellationToken cancellationToken = default);

    /// <summary>Has an actor of this node told each <see cref="LifecycleBatch"/>, until it ends or the result is disposed of.</summary>
    /// <param name="filter">Which servers or groups.</param>
    /// <param name="watcher">The actor.</param>
    /// <param name="cancellationToken">Gives up waiting for the first batch.</param>
    /// <returns>Dispose of it to watch no longer. It comes when the first batch has been told.</returns>
    /// <exception cref="ArgumentException">The actor is on another node.</exception>
    Task<IDisposable> WatchAsync(LifecycleFilter filter, IActorRef watcher, CancellationToken cancellationToken = default);
}
