using Akka.Actor;
using Akka.Cluster;
using AkkaDurable.Supervision;

namespace AkkaDurable.Hosting.Internal.Supervision.Singletons;

/// <summary>A node's readiness for a cluster singleton, with the singleton itself when the node has it, as a child. Safe for concurrent use.</summary>
internal sealed class SingletonRun : IChildHandle
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<ExitReason> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _singletonStarted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ChildStartContext _context;
    private readonly Func<ChildStartContext, Props> _props;
    private readonly IActorRef _site;
    private IActorRef? _keeper;
    private bool _isEnding;
    private ExitReason? _ended;

    private SingletonRun(string name, Func<ChildStartContext, Props> props, DurableSingletonOptions options, ChildStartContext context)
    {
        Name = name;
        Options = options;
        _props = props;
        _context = context;
        _site = SingletonSites.Get(context.System).Site;
    }

    public string Name { get; }

    public DurableSingletonOptions Options { get; }

    public IActorRef? Manager { get; private set; }

    /// <summary>Leads to the singleton, on whichever node.</summary>
    public IActorRef? Actor { get; private set; }

    public Task<ExitReason> Exited => _exited.Task;

    public static async Task<ChildStart> StartAsync(string name, Func<ChildStartContext, Props> props, DurableSingletonOptions options, ChildStartContext context)
    {
        if (((ExtendedActorSystem)context.System).Provider is not IClusterActorRefProvider)
        {
            return ChildStart.Failed(ExitReason.Error($"the singleton '{name}' needs a cluster (of one node, if need be): use WithDurableCluster"));
        }

        var cluster = Cluster.Get(context.System);
        if (options.Role is { } role && !cluster.SelfRoles.Contains(role))
        {
            return ChildStart.Ignore;
        }

        var run = new SingletonRun(name, props, options, context);
        run._site.Tell(new SingletonSite.Begin(run));
        await run._ready.Task.ConfigureAwait(false);
        try
        {
            while (options.WaitsForStart && !run._singletonStarted.Task.IsCompleted && !run._exited.Task.IsCompleted && !IsAnothers(cluster, options.Role))
            {
                var look = Task.Delay(s_lookEvery, context.TimeProvider, context.CancellationToken);
                await (await Task.WhenAny(run._singletonStarted.Task, run._exited.Task, look).ConfigureAwait(false)).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            run.RequestStop();
            throw;
        }

        return run._exited.Task.IsCompleted ? ChildStart.Failed(await run._exited.Task.ConfigureAwait(false)) : ChildStart.Ok(run);
    }

    public Props MakeProps() => _props(_context);

    public void OnManagerStarted(IActorRef manager, IActorRef proxy)
    {
        Manager = manager;
        Actor = proxy;
        _ready.TrySetResult();
    }

    public void OnRefused(string why)
    {
        _exited.TrySetResult(ExitReason.Error(why));
        _ready.TrySetResult();
    }

    public void OnManagerEnded(ExitReason reason)
    {
        lock (_gate)
        {
            reason = reason.IsAbnormal ? reason : _ended ?? (_isEnding ? ExitReason.Shutdown : ExitReason.ShutdownBecause("its node leaves the cluster"));
        }

        _exited.TrySetResult(reason);
    }

    /// <summary>This node has the singleton from now on.</summary>
    /// <returns>False: the child is being stopped.</returns>
    public bool TryEnter(IActorRef keeper)
    {
        lock (_gate)
        {
            _keeper = keeper;
            return !_isEnding;
        }
    }

    public void OnSingletonStarted() => _singletonStarted.TrySetResult();

    /// <summary>This node has it no more.</summary>
    /// <param name="reason">Why it ended by itself; null: it was asked to, or handed over.</param>
    public void OnSingletonEnded(ExitReason? reason)
    {
        lock (_gate)
        {
            _keeper = null;
            if (!_isEnding)
            {
                _ended ??= reason;
                if (_ended is null)
                {
                    return;
                }
            }
        }

        // Akka's manager would stay, with nothing to manage.
        _site.Tell(new SingletonSite.End(this));
    }

    public void RequestStop()
    {
        IActorRef? keeper;
        lock (_gate)
        {
            _isEnding = true;
            keeper = _keeper;
        }

        if (keeper is null)
        {
            Kill();
        }
        else
        {
            keeper.Tell(EndSingleton.Instance);
        }
    }

    public void Kill() => _site.Tell(new SingletonSite.End(this));

    // An older member of the role has it, or will.
    private static bool IsAnothers(Cluster cluster, string? role)
    {
        var self = cluster.SelfMember;
        return self.Status == MemberStatus.Up
            && cluster.State.Members.Any(member => member.Status != MemberStatus.Down && !member.UniqueAddress.Equals(self.UniqueAddress) && (role is null || member.HasRole(role)) && member.IsOlderThan(self));
    }
}
