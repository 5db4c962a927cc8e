using Akka.Actor;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaDurable.Hosting.Internal.Wiring;

/// <summary>What is injected as <see cref="IDurableGroups"/>. Asks for the groups when they are first used: who is injected is often made before the actor system.</summary>
internal sealed class InjectedGroups(IServiceProvider services) : IDurableGroups
{
    private IDurableGroups? _groups;

    private IDurableGroups Groups => _groups ??= DurableServers.Get(services.GetRequiredService<ActorSystem>()).Groups;

    public Task<GroupMembership> JoinAsync(string group, IActorRef actor, IReadOnlyDictionary<string, string>? meta, string? cluster, CancellationToken cancellationToken) =>
        Groups.JoinAsync(group, actor, meta, cluster, cancellationToken);

    public Task<GroupSubscription> SubscribeAsync(string group, IReadOnlyDictionary<string, string>? meta, int capacity, string? cluster, CancellationToken cancellationToken) =>
        Groups.SubscribeAsync(group, meta, capacity, cluster, cancellationToken);

    public Task<bool> LeaveAsync(string group, IActorRef actor, string? cluster, CancellationToken cancellationToken) => Groups.LeaveAsync(group, actor, cluster, cancellationToken);

    public Task<IReadOnlyList<GroupMember>> MembersAsync(string group, string? cluster, CancellationToken cancellationToken) => Groups.MembersAsync(group, cluster, cancellationToken);

    public Task<int> CountAsync(string group, string? cluster, CancellationToken cancellationToken) => Groups.CountAsync(group, cluster, cancellationToken);

    public Task<int> LocalCountAsync(string group, string? cluster, CancellationToken cancellationToken) => Groups.LocalCountAsync(group, cluster, cancellationToken);

    public void Dispatch(string group, object message, string? cluster) => Groups.Dispatch(group, message, cluster);

    public void DispatchLocal(string group, object message, string? cluster) => Groups.DispatchLocal(group, message, cluster);

    public Task ConnectAsync(string cluster, CancellationToken cancellationToken) => Groups.ConnectAsync(cluster, cancellationToken);

    public Task<bool> DisconnectAsync(string cluster, CancellationToken cancellationToken) => Groups.DisconnectAsync(cluster, cancellationToken);
}
