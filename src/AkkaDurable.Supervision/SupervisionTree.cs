using Akka.Actor;
using Akka.Event;
using AkkaDurable.Supervision.Internal.Runtime;
using AkkaDurable.Supervision.Internal.Specs;
using AkkaDurable.Supervision.Internal.State;

namespace AkkaDurable.Supervision;

/// <summary>A running tree. Safe to use from any thread.</summary>
public sealed class SupervisionTree
{
    private readonly SupervisorCell _root;
    private readonly SupervisionContext _supervision;
    private readonly TreeRegistry _registry;
    private readonly SupervisionOptions _options;
    private int _isStopping;

    private SupervisionTree(SupervisorCell root, SupervisionContext supervision, SupervisionOptions options)
    {
        _root = root;
        _supervision = supervision;
        _options = options;
        _registry = TreeRegistry.Of(supervision.System);
    }

    /// <summary>What it was started from.</summary>
    public ChildSpec Spec => _root.Spec;

    /// <summary>The root's actor.</summary>
    public IActorRef Actor => _root.Actor;

    /// <summary>Completes when the root has ended, for whatever cause. Does not fail.</summary>
    public Task<RootExit> Exited => _root.Exited;

    /// <summary>The root.</summary>
    public SupervisorRef Root => Supervisor();

    /// <summary>Starts a tree: each child in order, when the one before it has started.</summary>
    /// <param name="system">The actor system. The root is a top-level actor with the root's id as its name.</param>
    /// <param name="spec">The root: a <see cref="SupervisorSpec"/> or a <see cref="DynamicSupervisorSpec"/>.</param>
    /// <param name="options">How it runs; null: the defaults.</param>
    /// <param name="cancellationToken">Ends the start: what has started is stopped again.</param>
    /// <returns>The running tree, when all its children have started.</returns>
    /// <exception cref="InvalidChildSpecException">A spec is refused. Nothing was started.</exception>
    /// <exception cref="ChildStartException">A child did not start. Those that had are stopped again, in reverse order.</exception>
    /// <exception cref="InvalidActorNameException">The actor system has a top-level actor with that id.</exception>
    public static async Task<SupervisionTree> StartAsync(ActorSystem system, ChildSpec spec, SupervisionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(spec);
        options ??= new SupervisionOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.KillGrace, TimeSpan.Zero, nameof(options));
        if (spec is not (SupervisorSpec or DynamicSupervisorSpec))
        {
            throw new ArgumentException($"{spec.Id} is no supervisor", nameof(spec));
        }

        if (SpecRules.Problem(spec, AutoShutdown.Never) is { } problem)
        {
            throw problem;
        }

        cancellationToken.ThrowIfCancellationRequested();
        var supervision = new SupervisionContext(system, spec.Id, options);
        var cell = new SupervisorCell(spec);
        cell.Actor = system.ActorOf(SupervisorActor.Props(cell, supervision, runAtParent: 0), Uri.EscapeDataString(spec.Id));
        var tree = new SupervisionTree(cell, supervision, options);
        await using (cancellationToken.Register(() => cell.Actor.Tell(new SupervisorEvent.Stop(ExitReason.Shutdown), ActorRefs.NoSender)))
        {
            try
            {
                await cell.Ready.ConfigureAwait(false);
            }
            catch (ChildStartException)
            {
                await cell.Exited.ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                throw;
            }
        }

        tree._registry.Add(tree, options.ShutdownPhase);
        _ = tree.WatchRootAsync();
        return tree;
    }

    /// <summary>A tree that runs.</summary>
    /// <param name="system">Its actor system.</param>
    /// <param name="id">Its root's id.</param>
    /// <returns>The tree, or null if no such tree runs.</returns>
    public static SupervisionTree? Find(ActorSystem system, string id)
    {
        ArgumentNullException.ThrowIfNull(system);
        return TreeRegistry.Of(system).Find(id);
    }

    /// <summary>All trees that run on this node, in the order in which they were started.</summary>
    /// <param name="system">The actor system.</param>
    /// <returns>The trees.</returns>
    public static IReadOnlyList<SupervisionTree> All(ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        return TreeRegistry.Of(system).All;
    }

    /// <summary>A supervisor of the tree. The reference outlives restarts: it is looked up at each use.</summary>
    /// <param name="path">The ids from below the root down to it; none: the root.</param>
    /// <returns>The reference, also when no such supervisor runs.</returns>
    public SupervisorRef Supervisor(params string[] path) => new(Address(path));

    /// <summary>A dynamic supervisor of the tree.</summary>
    /// <param name="path">The ids from below the root down to it; none: the root.</param>
    /// <returns>The reference, also when no such supervisor runs.</returns>
    public DynamicSupervisor Dynamic(params string[] path) => new(Address(path));

    /// <summary>A task supervisor of the tree.</summary>
    /// <param name="path">The ids from below the root down to it; none: the root.</param>
    /// <returns>The reference, also when no such supervisor runs.</returns>
    public TaskSupervisor Tasks(params string[] path) => new(Address(path), _supervision.Time);

    /// <summary>A partition supervisor of the tree.</summary>
    /// <param name="path">The ids from below the root down to it; none: the root.</param>
    /// <returns>The reference, also when no such supervisor runs.</returns>
    public PartitionSupervisor Partitions(params string[] path) => new(Address(path), _supervision.Time);

    /// <summary>The actor of a child that runs. After a restart it is another one, with the same path: to be told of its end, see <see cref="ActorMonitorExtensions.Monitor"/>.</summary>
    /// <param name="path">The ids from below the root down to it.</param>
    /// <returns>The actor; null when the child does not run or is none.</returns>
    public IActorRef? Child(params string[] path)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentOutOfRangeException.ThrowIfZero(path.Length, nameof(path));
        return Address(path[..^1]).Find() is { } cell && cell.Children.TryGetValue(path[^1], out var child) ? child.Actor : null;
    }

    /// <summary>Waits until a child runs that may be about to be restarted.</summary>
    /// <param name="path">The ids from below the root down to it.</param>
    /// <param name="after">An actor that it was and shall not be any more: waits for the restart after that one's end. Null: any run will do.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The child's actor.</returns>
    /// <exception cref="SupervisorRequestException">The tree has ended.</exception>
    public async Task<IActorRef> WhenRunningAsync(string[] path, IActorRef? after = null, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            // Asked for before the look, so that no start goes unseen.
            var change = _supervision.Started.Next();
            if (Child(path) is { } child && !child.Equals(after))
            {
                return child;
            }

            if (Exited.IsCompleted)
            {
                throw new SupervisorRequestException(new ChildResult { Error = ChildError.SupervisorNotRunning });
            }

            await Task.WhenAny(change, Exited).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The tree as it is now. Supervisors are asked one after the other, so it is no single moment.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The root's node.</returns>
    /// <exception cref="SupervisorRequestException">The tree has ended.</exception>
    public async Task<TreeNode> SnapshotAsync(CancellationToken cancellationToken = default)
    {
        var root = new ChildInfo(Spec, ChildStatus.Running, Actor, 1, 0);
        return await NodeAsync(root, _root, cancellationToken).ConfigureAwait(false)
            ?? throw new SupervisorRequestException(new ChildResult { Error = ChildError.SupervisorNotRunning });
    }

    /// <summary>Stops the tree: each supervisor its children in reverse start order, one after the other, each within its <see cref="ChildSpec.Shutdown"/>.</summary>
    /// <returns>Completes when the root has ended.</returns>
    public Task StopAsync()
    {
        Interlocked.Exchange(ref _isStopping, 1);
        _root.Actor.Tell(new SupervisorEvent.Stop(ExitReason.Shutdown), ActorRefs.NoSender);
        return Exited;
    }

    /// <summary>The tree's specs, one line a child; <see cref="SnapshotAsync"/> tells how it is.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Spec.ToString();

    private static async Task<TreeNode?> NodeAsync(ChildInfo info, SupervisorCell? cell, CancellationToken cancellationToken)
    {
        if (cell is null)
        {
            return new TreeNode(info, [], default);
        }

        var query = new Query<(ChildCounts Counts, (ChildInfo Child, SupervisorCell? Cell)[] Children)>(view => (
            view.Counts,
            view.Spec is SupervisorSpec ? [.. view.Children.Select(child => (child, view.CellOf(child.Number)))] : []));
        cell.Send(query);
        try
        {
            var (counts, children) = await query.Answer.WaitAsync(cancellationToken).ConfigureAwait(false);
            var nodes = new List<TreeNode>(children.Length);
            foreach (var (child, below) in children)
            {
                nodes.Add(await NodeAsync(child, below, cancellationToken).ConfigureAwait(false) ?? new TreeNode(child, [], default));
            }

            return new TreeNode(info, nodes, counts);
        }
        catch (SupervisorRequestException)
        {
            return null;
        }
    }

    private CellAddress Address(string[] path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new CellAddress(_root, path);
    }

    private async Task WatchRootAsync()
    {
        var exit = await Exited.ConfigureAwait(false);
        _registry.Remove(this);
        // A system that terminates takes its trees along; that is no news.
        if (Volatile.Read(ref _isStopping) == 0 && !_supervision.System.WhenTerminated.IsCompleted && !IsTerminating)
        {
            try
            {
                _options.OnRootExit(exit, _supervision.System);
            }
#pragma warning disable CA1031 // Nobody waits for the handler: what it throws is told to the log or to nobody.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                _supervision.System.Log.Error(exception, "The handler of the end of the supervision tree {0} failed.", Spec.Id);
            }
        }
    }

    private bool IsTerminating => CoordinatedShutdown.Get(_supervision.System).ShutdownReason is not null;
}
