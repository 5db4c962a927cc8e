using Akka.Actor;
using AkkaDurable.Internal.Groups.Hub;
using AkkaDurable.Internal.Runtime;

namespace AkkaDurable.Internal.Groups;

/// <summary>What users of a node ask its hub.</summary>
internal sealed class GroupsClient(ActorSystem system, DurableNode node, IActorRef hub) : IDurableGroups, IDurableEvents
{
    public async Task<GroupMembership> JoinAsync(string group, IActorRef actor, IReadOnlyDictionary<string, string>? meta, string? cluster, CancellationToken cancellationToken)
    {
        GroupRule.CheckGroup(group);
        CheckLocal(actor, nameof(actor));
        var scope = GroupRule.ClusterOf(cluster);
        var copy = GroupRule.CopyMeta(meta);
        var id = await AskAsync<string>(done => new JoinActor(scope, group, actor, copy, done), "", cancellationToken).ConfigureAwait(false);
        return new GroupMembership(this, group, cluster, actor, id);
    }

    public async Task<GroupSubscription> SubscribeAsync(string group, IReadOnlyDictionary<string, string>? meta, int capacity, string? cluster, CancellationToken cancellationToken)
    {
        GroupRule.CheckGroup(group);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        var scope = GroupRule.ClusterOf(cluster);
        var copy = GroupRule.CopyMeta(meta);
        var consumer = new GroupConsumer(capacity);
        var id = await AskAsync<string>(done => new JoinConsumer(scope, group, consumer, copy, done), "", cancellationToken).ConfigureAwait(false);
        return new GroupSubscription(this, group, scope, consumer, id);
    }

    public Task<bool> LeaveAsync(string group, IActorRef actor, string? cluster, CancellationToken cancellationToken)
    {
        GroupRule.CheckGroup(group);
        ArgumentNullException.ThrowIfNull(actor);
        var scope = GroupRule.ClusterOf(cluster);
        return AskAsync<bool>(done => new Leave(scope, group, actor, LifecycleReason.Normal, done), true, cancellationToken);
    }

    public Task<IReadOnlyList<GroupMember>> MembersAsync(string group, string? cluster, CancellationToken cancellationToken)
    {
        GroupRule.CheckQuery(group);
        var scope = GroupRule.ClusterOf(cluster);
        return QueryAsync<IReadOnlyList<GroupMember>>(done => new MembersQuery(scope, group, done), cancellationToken);
    }

    public Task<int> CountAsync(string group, string? cluster, CancellationToken cancellationToken) => CountAsync(group, cluster, localOnly: false, cancellationToken);

    public Task<int> LocalCountAsync(string group, string? cluster, CancellationToken cancellationToken) => CountAsync(group, cluster, localOnly: true, cancellationToken);

    public void Dispatch(string group, object message, string? cluster) => Dispatches.Send(node, group, message, cluster, localOnly: false);

    public void DispatchLocal(string group, object message, string? cluster) => Dispatches.Send(node, group, message, cluster, localOnly: true);

    public Task ConnectAsync(string cluster, CancellationToken cancellationToken)
    {
        GroupRule.CheckQuery(cluster);
        return QueryAsync<bool>(done => new ConnectCluster(GroupRule.ClusterOf(cluster), done), cancellationToken);
    }

    public Task<bool> DisconnectAsync(string cluster, CancellationToken cancellationToken)
    {
        GroupRule.CheckQuery(cluster);
        return QueryAsync<bool>(done => new DisconnectCluster(GroupRule.ClusterOf(cluster), done), cancellationToken);
    }

    public IAsyncEnumerable<LifecycleBatch> WatchAsync(LifecycleFilter filter, int capacity, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        return new Watch(filter, capacity, hub, cancellationToken);
    }

    public async Task<IDisposable> WatchAsync(LifecycleFilter filter, IActorRef watcher, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        CheckLocal(watcher, nameof(watcher));
        var added = new Watcher(filter, watcher);
        hub.Tell(new AddWatcher(added), ActorRefs.Nobody);
        try
        {
            await UntilDone(added.Begun.Task, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            hub.Tell(new RemoveWatcher(added), ActorRefs.Nobody);
            throw;
        }

        return new WatchEnd(hub, added);
    }

    /// <summary>Changes a consumer's metadata.</summary>
    public Task JoinAsync(string group, string cluster, GroupConsumer consumer, IReadOnlyDictionary<string, string>? meta, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(consumer.IsClosed, consumer);
        var copy = GroupRule.CopyMeta(meta);
        return AskAsync<string>(done => new JoinConsumer(cluster, group, consumer, copy, done), "", cancellationToken);
    }

    /// <summary>Takes a consumer out of its group; also when a handler does it, since nothing of the handler's is seen by it but that nobody reads.</summary>
    public Task LeaveAsync(string group, string cluster, GroupConsumer consumer) =>
        QueryAsync<bool>(done => new Leave(cluster, group, consumer, LifecycleReason.Normal, done), CancellationToken.None);

    private static void CheckLocal(IActorRef actor, string parameter)
    {
        ArgumentNullException.ThrowIfNull(actor, parameter);
        if (actor is not IActorRefScope { IsLocal: true })
        {
            throw new ArgumentException($"{actor} is on another node. Ask the groups and events of that node.", parameter);
        }
    }

    private Task<int> CountAsync(string group, string? cluster, bool localOnly, CancellationToken cancellationToken)
    {
        GroupRule.CheckQuery(group);
        var scope = GroupRule.ClusterOf(cluster);
        return QueryAsync<int>(done => new CountQuery(scope, group, localOnly, done), cancellationToken);
    }

    private Task<T> QueryAsync<T>(Func<TaskCompletionSource<T>, object> query, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        hub.Tell(query(done), ActorRefs.Nobody);
        return UntilDone(done.Task, cancellationToken);
    }

    // What changes something: in a handler it leaves when the state is stored, which the handler cannot wait for.
    private Task<T> AskAsync<T>(Func<TaskCompletionSource<T>, object> request, T inHandler, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var output = new Output(hub, request(done), ActorRefs.Nobody);
        if (Turn.Current is { } turn && turn.TryAdd(output))
        {
            return Task.FromResult(inHandler);
        }

        output.Send();
        return UntilDone(done.Task, cancellationToken);
    }

    private async Task<T> UntilDone<T>(Task<T> done, CancellationToken cancellationToken)
    {
        await Task.WhenAny(done, system.WhenTerminated).WaitAsync(cancellationToken).ConfigureAwait(false);
        return done.IsCompleted ? await done.ConfigureAwait(false) : throw new InvalidOperationException("The actor system has ended.");
    }

    private sealed class Watch(LifecycleFilter filter, int capacity, IActorRef hub, CancellationToken given) : IAsyncEnumerable<LifecycleBatch>
    {
        public IAsyncEnumerator<LifecycleBatch> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
            new Watcher(filter, capacity).ReadAsync(hub, given).GetAsyncEnumerator(cancellationToken);
    }

    private sealed class WatchEnd(IActorRef hub, Watcher watcher) : IDisposable
    {
        public void Dispose() => hub.Tell(new RemoveWatcher(watcher), ActorRefs.Nobody);
    }
}
