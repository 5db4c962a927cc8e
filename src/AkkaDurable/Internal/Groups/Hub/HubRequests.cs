using Akka.Actor;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Groups.Replication;

namespace AkkaDurable.Internal.Groups.Hub;

/// <summary>An actor of this node joins, or says its metadata anew.</summary>
internal sealed record JoinActor(string Cluster, string Group, IActorRef Actor, IReadOnlyDictionary<string, string> Meta, TaskCompletionSource<string> Done);

/// <summary>A consumer joins, or says its metadata anew.</summary>
internal sealed record JoinConsumer(string Cluster, string Group, GroupConsumer Consumer, IReadOnlyDictionary<string, string> Meta, TaskCompletionSource<string> Done);

/// <summary>A server of this node joins, or says its metadata anew.</summary>
internal sealed record JoinServer(string Cluster, string Group, ServerMember Server, IReadOnlyDictionary<string, string> Meta);

/// <summary>A member leaves: an actor, a consumer or a server.</summary>
internal sealed record Leave(string Cluster, string Group, object Member, LifecycleReason Reason, TaskCompletionSource<bool>? Done);

/// <summary>A server has ended and leaves all its groups.</summary>
internal sealed record ServerEnded(ServerMember Server, LifecycleReason Reason);

internal sealed record MembersQuery(string Cluster, string Name, TaskCompletionSource<IReadOnlyList<GroupMember>> Done);

internal sealed record CountQuery(string Cluster, string Name, bool LocalOnly, TaskCompletionSource<int> Done);

internal sealed record ConnectCluster(string Cluster, TaskCompletionSource<bool> Done);

internal sealed record DisconnectCluster(string Cluster, TaskCompletionSource<bool> Done);

/// <summary>A message for the members of a group; without a payload, which is what goes to other nodes, for those of this node only.</summary>
internal sealed record Dispatch(string Cluster, string Group, object Message, EncodedPayload? Payload);

internal sealed record AddWatcher(Watcher Watcher);

internal sealed record RemoveWatcher(Watcher Watcher);

/// <summary>A watcher that was too slow has read all that it had.</summary>
internal sealed record CatchUp(Watcher Watcher);

/// <summary>What became of a server of this node.</summary>
internal sealed record ServerNote(FeedOp Op);

internal sealed record MemberSeen(NodeId Node, bool IsReachable);

internal sealed record MemberGone(NodeId Node, LifecycleReason Reason);

/// <summary>Whether a node has a hub.</summary>
internal sealed record HubFound(string Address, IActorRef? Hub);
