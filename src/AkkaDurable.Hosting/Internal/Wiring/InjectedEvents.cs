using Akka.Actor;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaDurable.Hosting.Internal.Wiring;

/// <summary>What is injected as <see cref="IDurableEvents"/>. Asks for the events when they are first used: who is injected is often made before the actor system.</summary>
internal sealed class InjectedEvents(IServiceProvider services) : IDurableEvents
{
    private IDurableEvents? _events;

    private IDurableEvents Events => _events ??= DurableServers.Get(services.GetRequiredService<ActorSystem>()).Events;

    public IAsyncEnumerable<LifecycleBatch> WatchAsync(LifecycleFilter filter, int capacity, CancellationToken cancellationToken) => Events.WatchAsync(filter, capacity, cancellationToken);

    public Task<IDisposable> WatchAsync(LifecycleFilter filter, IActorRef watcher, CancellationToken cancellationToken) => Events.WatchAsync(filter, watcher, cancellationToken);
}
