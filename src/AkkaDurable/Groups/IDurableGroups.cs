using Akka.Actor;

namespace AkkaDurable;

/// <summary>Named groups of members across the cluster: actors, servers, and consumers such as web sockets. Injectable; safe for concurrent use. Servers use <see cref="ServerContext.Groups"/>, by which the server itself is the member.</summary>
/// <remarks>
/// <para>Each node keeps the members that joined on it and tells the other nodes of them. What was joined here is seen here at once, elsewhere a moment later. In a partition each side sees the members of the other until the
/// cluster removes their nodes, and what has changed meanwhile when the network has healed. An actor leaves by itself when it ends, and all members of a node when the node leaves the cluster or is removed from it.</para>
/// <para>Messages arrive at most once, those of one sender on one node in order. They are declared like those of servers (<see cref="DurableServerOptions.Messages"/>, <see cref="DurableGroupOptions.Messages"/>) and travel as JSON.
/// Actors are told the message itself, servers get it in <c>HandleInfo</c>.</para>
/// <para>With <c>cluster</c> a group is known only to the nodes that are connected to that named cluster: by <see cref="DurableGroupOptions.Clusters"/>, by <see cref="ConnectAsync"/>, or by their first use of it. Groups of the same
/// name in different named clusters have nothing to do with each other.</para>
/// <para>In a handler of a server, what is joined, left and dispatched waits until the state that the handler returns is stored, and the tasks do not wait for it.</para>
/// </remarks>
public interface IDurableGroups
{
    /// <summary>Makes an actor of this node a member; if it is one already, changes its metadata. It may be in any number of groups, in each once.</summary>
    /// <param name="group">The group: 1 to 512 bytes of UTF-8, not only white space, no control characters, no "/" at its end.</param>
    /// <param name="actor">The actor.</param>
    /// <param name="meta">What others see of it: at most 64 entries and 8 KiB; copied.</param>
    /// <param name="cluster">The named cluster; <see langword="null"/>: all nodes.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The membership. Disposing of it leaves the group.</returns>
    /// <exception cref="InvalidGroupException">The name breaks the rule.</exception>
    /// <exception cref="InvalidMetadataException">The metadata is too large.</exception>
    /// <exception cref="ArgumentException">The actor is on another node.</exception>
    Task<GroupMembership> JoinAsync(string group, IActorRef actor, IReadOnlyDictionary<string, string>? meta = null, string? cluster = null, CancellationToken cancellationToken = default);

    /// <summary>Makes a consumer a member, which reads its messages itself: a web socket, a stream of server-sent events.</summary>
    /// <param name="group">The group, as for <see cref="JoinAsync"/>.</param>
    /// <param name="meta">What others see of it: at most 64 entries and 8 KiB; copied.</param>
    /// <param name="capacity">How many messages may wait to be read; beyond, they are dropped, and <see cref="MessagesMissed"/> says how many. At least 1.</param>
    /// <param name="cluster">The named cluster; <see langword="null"/>: all nodes.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The membership, with the messages. Dispose of it to leave.</returns>
    /// <exception cref="InvalidGroupException">The name breaks the rule.</exception>
    /// <exception cref="InvalidMetadataException">The metadata is too large.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is less than 1.</exception>
    Task<GroupSubscription> SubscribeAsync(string group, IReadOnlyDictionary<string, string>? meta = null, int capacity = 1024, string? cluster = null, CancellationToken cancellationToken = default);

    /// <summary>Takes an actor out of a group.</summary>
    /// <param name="group">The group.</param>
    /// <param name="actor">The actor.</param>
    /// <param name="cluster">The named cluster; <see langword="null"/>: all nodes.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whether it was a member.</returns>
    /// <exception cref="InvalidGroupException">The name breaks the rule.</exception>
    Task<bool> LeaveAsync(string group, IActorRef actor, string? cluster = null, CancellationToken cancellationToken = default);

    /// <summary>The members of a group, of all nodes, as this node knows them.</summary>
    /// <param name="group">The group; if the name ends in "/", all groups whose names begin so, in ordinal order.</param>
    /// <param name="cluster">The named cluster; <see langword="null"/>: all nodes.</param>
    /// <param name="cancellationToken">Gives up waiting: the first use of a named cluster waits for what the other nodes know.</param>
    /// <returns>The members; of one group in no order.</returns>
    /// <exception cref="InvalidGroupException">The name breaks the rule.</exception>
    Task<IReadOnlyList<GroupMember>> MembersAsync(string group, string? cluster = null, CancellationToken cancellationToken = default);

    /// <summary>How many members a group has on all nodes, as this node knows them.</summary>
    /// <param name="group">The group; if the name ends in "/", all groups whose names begin so.</param>
    /// <param name="cluster">The named cluster; <see langword="null"/>: all nodes.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The number.</returns>
    /// <exception cref="InvalidGroupException">The name breaks the rule.</exception>
    Task<int> CountAsync(string group, string? cluster = null, CancellationToken cancellationToken = default);

    /// <summary>How many members of a group joined on this node.</summary>
    /// <param name="group">The group; if the name ends in "/", all groups whose names begin so.</param>
    /// <param name="cluster">The named cluster; <see langword="null"/>: all nodes.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The number.</returns>
    /// <exception cref="InvalidGroupException">The name breaks the rule.</exception>
    Task<int> LocalCountAsync(string group, string? cluster = null, CancellationToken cancellationToken = default);

    /// <summary>Sends a message to all members of a group.</summary>
    /// <param name="group">The group.</param>
    /// <param name="message">The message, an <see cref="ICast"/> or <see cref="ICall{TReply}"/> of a declared type. Members of this node get this very object, so it must not change any more.</param>
    /// <param name="cluster">The named cluster; <see langword="null"/>: all nodes.</param>
    /// <exception cref="InvalidGroupException">The name breaks the rule.</exception>
    /// <exception cref="MessageNotDeclaredException">The message's type is not declared on this node.</exception>
    /// <exception cref="MessageNotSerializableException">The message cannot be written as JSON.</exception>
    /// <exception cref="MessageTooLargeException">The message is larger than <see cref="DurableServersSetup.MaxMessageSize"/>.</exception>
    void Dispatch(string group, object message, string? cluster = null);

    /// <summary>Sends a message to the members of a group that joined on this node.</summary>
    /// <param name="group">The group.</param>
    /// <param name="message">The message, as for <see cref="Dispatch"/>.</param>
    /// <param name="cluster">The named cluster; <see langword="null"/>: all nodes.</param>
    /// <exception cref="InvalidGroupException">The name breaks the rule.</exception>
    /// <exception cref="MessageNotDeclaredException">The message's type is not declared on this node.</exception>
    void DispatchLocal(string group, object message, string? cluster = null);

    /// <summary>Connects this node to a named cluster, and waits for what the nodes in it know, at most for <see cref="DurableGroupOptions.ConnectTimeout"/>.</summary>
    /// <param name="cluster">The named cluster.</param>
    /// <param name="cancellationToken">Gives up waiting; the node connects all the same.</param>
    /// <returns>A task that ends then.</returns>
    /// <exception cref="InvalidGroupException">The name breaks the rule.</exception>
    Task ConnectAsync(string cluster, CancellationToken cancellationToken = default);

    /// <summary>Disconnects this node from a named cluster: its members leave, and it no longer knows of the others (<see cref="LifecycleReason.Disconnected"/>). The next use connects it again.</summary>
    /// <param name="cluster">The named cluster.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whether it was connected.</returns>
    /// <exception cref="InvalidGroupException">The name breaks the rule.</exception>
    Task<bool> DisconnectAsync(string cluster, CancellationToken cancellationToken = default);
}
