using AkkaDurable.Internal.Groups;
using AkkaDurable.Internal.Groups.Hub;

namespace AkkaDurable;

/// <summary>A consumer's place in a group, with the messages that are sent to the group meanwhile. Dispose of it to leave. Thread-safe, but for <see cref="Messages"/>.</summary>
public sealed class GroupSubscription : IAsyncDisposable
{
    private readonly GroupsClient _groups;
    private readonly GroupConsumer _consumer;
    private readonly string _cluster;

    internal GroupSubscription(GroupsClient groups, string group, string cluster, GroupConsumer consumer, string id)
    {
        _groups = groups;
        _consumer = consumer;
        _cluster = cluster;
        Group = group;
        Id = id;
    }

    /// <summary>The group.</summary>
    public string Group { get; }

    /// <summary>Names the member within the group, on all nodes; see <see cref="GroupMember.Id"/>.</summary>
    public string Id { get; }

    /// <summary>The messages since it joined, to be enumerated by one at a time. Where messages were dropped there is a <see cref="MessagesMissed"/>. Ends when it has left the group, with what had come until then.</summary>
    public IAsyncEnumerable<object> Messages => _consumer.ReadAsync(CancellationToken.None);

    /// <summary>Changes what others see of the member.</summary>
    /// <param name="meta">The metadata, in place of the former.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>A task that ends when it is done.</returns>
    /// <exception cref="InvalidMetadataException">The metadata is too large.</exception>
    /// <exception cref="ObjectDisposedException">It has left the group.</exception>
    public Task UpdateAsync(IReadOnlyDictionary<string, string>? meta, CancellationToken cancellationToken = default) => _groups.JoinAsync(Group, _cluster, _consumer, meta, cancellationToken);

    /// <summary>Leaves the group.</summary>
    /// <returns>A task that ends when it has left.</returns>
    public async ValueTask DisposeAsync()
    {
        _consumer.IsClosed = true;
        await _groups.LeaveAsync(Group, _cluster, _consumer).ConfigureAwait(false);
    }
}
