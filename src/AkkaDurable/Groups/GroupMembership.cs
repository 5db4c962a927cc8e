using Akka.Actor;

namespace AkkaDurable;

/// <summary>An actor's place in a group. Thread-safe.</summary>
public sealed class GroupMembership : IAsyncDisposable
{
    private readonly IDurableGroups _groups;
    private readonly IActorRef _actor;
    private readonly string? _cluster;

    internal GroupMembership(IDurableGroups groups, string group, string? cluster, IActorRef actor, string id)
    {
        _groups = groups;
        _actor = actor;
        _cluster = cluster;
        Group = group;
        Id = id;
    }

    /// <summary>The group.</summary>
    public string Group { get; }

    /// <summary>Names the member within the group, on all nodes; see <see cref="GroupMember.Id"/>. Empty if it was joined in a handler, which does not wait for it.</summary>
    public string Id { get; }

    /// <summary>Changes what others see of the member.</summary>
    /// <param name="meta">The metadata, in place of the former.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>A task that ends when it is done. A member that had left joins again.</returns>
    /// <exception cref="InvalidMetadataException">The metadata is too large.</exception>
    public Task UpdateAsync(IReadOnlyDictionary<string, string>? meta, CancellationToken cancellationToken = default) => _groups.JoinAsync(Group, _actor, meta, _cluster, cancellationToken);

    /// <summary>Leaves the group.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whether it was a member still.</returns>
    public Task<bool> LeaveAsync(CancellationToken cancellationToken = default) => _groups.LeaveAsync(Group, _actor, _cluster, cancellationToken);

    /// <summary>Leaves the group, if it is a member still.</summary>
    /// <returns>A task that ends when it has left.</returns>
    public async ValueTask DisposeAsync() => await LeaveAsync().ConfigureAwait(false);
}
