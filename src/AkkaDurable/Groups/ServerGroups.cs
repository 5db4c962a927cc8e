using AkkaDurable.Internal.Groups;
using AkkaDurable.Internal.Groups.Hub;
using AkkaDurable.Internal.Groups.Replication;
using AkkaDurable.Internal.Runtime;

namespace AkkaDurable;

/// <summary>
/// The groups of a running server, which is itself the member. In a handler, what it joins, leaves and dispatches waits until the state that the handler returns is stored, and never happens if that fails. Its memberships end when
/// it stops, passivates or crashes, so a server that is to be a member whenever it runs joins in <c>Init</c>. Dispatched messages reach its <c>HandleInfo</c>. Thread-safe.
/// </summary>
public sealed class ServerGroups
{
    private readonly ServerProcess _process;
    private readonly ServerMember _member;
    private readonly GateEnd _gate;

    internal ServerGroups(ServerProcess process, EntryVersion version)
    {
        _process = process;
        _member = new ServerMember(process.ServerType.Name, process.Key, version, process.Self);
        _gate = new GateEnd(process.ServerType.Node.Lifecycle);
    }

    /// <summary>Makes the server a member; if it is one already, changes its metadata.</summary>
    /// <param name="group">The group, as for <see cref="IDurableGroups.JoinAsync"/>.</param>
    /// <param name="meta">What others see of it: at most 64 entries and 8 KiB; copied.</param>
    /// <param name="cluster">The named cluster; <see langword="null"/>: all nodes.</param>
    /// <exception cref="InvalidGroupException">The name breaks the rule.</exception>
    /// <exception cref="InvalidMetadataException">The metadata is too large.</exception>
    public void Join(string group, IReadOnlyDictionary<string, string>? meta = null, string? cluster = null)
    {
        GroupRule.CheckGroup(group);
        _gate.Send(new JoinServer(GroupRule.ClusterOf(cluster), group, _member, GroupRule.CopyMeta(meta)));
    }

    /// <summary>Takes the server out of a group. Nothing happens if it is no member.</summary>
    /// <param name="group">The group.</param>
    /// <param name="cluster">The named cluster; <see langword="null"/>: all nodes.</param>
    /// <exception cref="InvalidGroupException">The name breaks the rule.</exception>
    public void Leave(string group, string? cluster = null)
    {
        GroupRule.CheckGroup(group);
        _gate.Send(new Leave(GroupRule.ClusterOf(cluster), group, _member, LifecycleReason.Normal, null));
    }

    /// <summary>Sends a message to all members of a group, the server itself among them if it is one.</summary>
    /// <param name="group">The group.</param>
    /// <param name="message">The message, as for <see cref="IDurableGroups.Dispatch"/>.</param>
    /// <param name="cluster">The named cluster; <see langword="null"/>: all nodes.</param>
    /// <exception cref="InvalidGroupException">The name breaks the rule.</exception>
    /// <exception cref="MessageNotDeclaredException">The message's type is not declared on this node.</exception>
    /// <exception cref="MessageNotSerializableException">The message cannot be written as JSON.</exception>
    /// <exception cref="MessageTooLargeException">The message is larger than <see cref="DurableServersSetup.MaxMessageSize"/>.</exception>
    public void Dispatch(string group, object message, string? cluster = null) => Dispatches.Send(_process.ServerType.Node, group, message, cluster, localOnly: false);

    /// <summary>Sends a message to the members of a group that joined on this node.</summary>
    /// <param name="group">The group.</param>
    /// <param name="message">The message, as for <see cref="IDurableGroups.Dispatch"/>.</param>
    /// <param name="cluster">The named cluster; <see langword="null"/>: all nodes.</param>
    /// <exception cref="InvalidGroupException">The name breaks the rule.</exception>
    /// <exception cref="MessageNotDeclaredException">The message's type is not declared on this node.</exception>
    public void DispatchLocal(string group, object message, string? cluster = null) => Dispatches.Send(_process.ServerType.Node, group, message, cluster, localOnly: true);

    internal void End(LifecycleReason reason) => _gate.Close(new ServerEnded(_member, reason));
}
