using Akka;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Couriers;
using AkkaDurable.Internal.Groups;
using AkkaDurable.Internal.Groups.Wire;
using AkkaDurable.Internal.Healing;
using AkkaDurable.Internal.Hosting;
using AkkaDurable.Internal.Leases;
using AkkaDurable.Internal.Operating;
using AkkaDurable.Internal.Runtime;
using AkkaDurable.Internal.Stopping;
using AkkaDurable.Internal.Wire;
using AkkaDurable.Placement;
using AkkaDurable.Storage;

namespace AkkaDurable;

/// <summary>The durable servers of one actor system. Apps that use Akka.Hosting register by <c>WithDurableServer</c> and inject <see cref="IDurableServers{TServer}"/> instead. Safe for concurrent use.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "Closed when its actor system has terminated.")]
public sealed partial class DurableServers : IExtension
{
    // The envelope, addresses and headers that Akka.Remote wraps around a message of ours.
    private const int FrameOverhead = 4 * 1024;

    internal static readonly TimeSpan MinLease = TimeSpan.FromMilliseconds(500);
    internal static readonly TimeSpan MaxLease = TimeSpan.FromMinutes(10);

    private readonly ExtendedActorSystem _system;
    private readonly DurableServersSetup _setup;
    private readonly DurableNode _node;
    private readonly Lazy<Task> _storeReady;
    private readonly Lazy<Peers> _peers;
    private readonly Lazy<GroupsClient> _groups;
    private Lazy<Task>? _leaseReleased;

    internal DurableServers(ExtendedActorSystem system)
    {
        _system = system;
        _setup = system.Settings.Setup.Get<DurableServersSetup>().GetOrElse(new DurableServersSetup());
        _node = new DurableNode(
            _setup.Time,
            _setup.Services,
            _setup.Loggers ?? new AkkaLoggerFactory(system),
            system.Provider.DefaultAddress.ToString(),
            _setup.MaxMessageSize ?? FrameSize(system.Settings.Config) - FrameOverhead)
        {
            PrepareStore = () => _storeReady!.Value,
        };

        var path = system.Provider.TempPath();
        var replyTo = new CallChannelRef(_node.Channel, path, system.Provider);
        system.Provider.RegisterTempActor(replyTo, path);
        _node.ReplyTo = replyTo;

        // By configuration, since each extension that brings settings of its own makes the system build its serializers anew: what was added by hand is gone then, without a word.
        system.Settings.InjectTopLevelFallback(WireSerializer.Configuration.WithFallback(HubSerializer.Configuration).WithFallback(ServerMailbox.Configuration));
        _storeReady = new Lazy<Task>(PrepareStore);
        _peers = new Lazy<Peers>(() => StartPeers(replyTo));
        _groups = new Lazy<GroupsClient>(() => GroupsStart.Run(_system, _node, _setup.Groups));
        system.RegisterOnTermination(Close);
    }

    /// <summary>The durable servers of an actor system.</summary>
    /// <param name="system">The actor system.</param>
    /// <returns>The one instance of that system.</returns>
    public static DurableServers Get(ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        return system.WithExtension<DurableServers, DurableServersProvider>();
    }

    /// <summary>The store that holds the states.</summary>
    /// <exception cref="InvalidOperationException">No server type was registered yet.</exception>
    public IStateStore Store => _node.Store ?? throw new InvalidOperationException("The store is opened when the first server type is registered.");

    /// <summary>Groups of actors, servers and consumers across the cluster. Asking for them has this node take part.</summary>
    /// <exception cref="DurableConfigurationException">There is no cluster, or a setting is wrong.</exception>
    public IDurableGroups Groups => _groups.Value;

    /// <summary>What becomes of servers and groups, on all nodes.</summary>
    /// <exception cref="DurableConfigurationException">There is no cluster, or a setting is wrong.</exception>
    public IDurableEvents Events => _groups.Value;

    /// <summary>The server types that are registered on this node, in the order of their names.</summary>
    public IReadOnlyList<IDurableServerType> Types => [.. _node.Types.OrderBy(type => type.Name, StringComparer.Ordinal).Select(type => new NamedServerType(type))];

    internal DurableNode Node => _node;

    /// <summary>The other nodes; only where there is a cluster.</summary>
    internal Peers Peers => _peers.Value;

    /// <summary>Registers a server type, so that this node runs its share of the servers. Waits for the store.</summary>
    /// <typeparam name="TServer">The server class.</typeparam>
    /// <param name="typeName">The type's name, in the store and in the cluster: 1 to 100 ASCII letters, digits, <c>-</c>, <c>_</c>, <c>.</c>. It never changes.</param>
    /// <param name="options">How the servers run. Default: all defaults.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The servers.</returns>
    /// <exception cref="DurableConfigurationException">A setting is wrong, a name is taken, or the shard count is not the one that the store remembers.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot be reached.</exception>
    /// <exception cref="StoreSchemaException">The store was made by something else, or by a newer version.</exception>
    public async Task<IDurableServers<TServer>> RegisterAsync<TServer>(string typeName, DurableServerOptions? options = null, CancellationToken cancellationToken = default)
        where TServer : DurableServer
    {
        RequireCluster();
        _ = Groups;
        options ??= new DurableServerOptions();
        var type = new ServerType(_node, typeName, typeof(TServer), options);
        await _storeReady.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        var shardCount = await _node.Store.RegisterTypeAsync(typeName, options.ShardCount, cancellationToken).ConfigureAwait(false);
        if (shardCount != options.ShardCount)
        {
            throw new DurableConfigurationException(
                $"DurableServerOptions.ShardCount of '{typeName}'", $"{options.ShardCount}", $"the stored servers of the type are spread over {shardCount} shards, and that number never changes");
        }

        _node.Add<TServer>(type);
        var placement = StartPlacement(type);
        var props = ServerActorProducer.PropsOf(type);
        var region = await ClusterSharding.Get(_system).StartAsync(
            typeName,
            _ => props,
            ShardingSettings(options.Role),
            new ServerShardExtractor(type.Layout),
            placement,
            StopServer.Instance).ConfigureAwait(false);
        var route = Peers.AddRoute(typeName, region, type.Layout);
        type.Shortcuts = route.Shortcuts;
        type.Gateway = new Gateway(type, route);
        StartRecovery(type);
        return _node.For<TServer>();
    }

    /// <summary>Registers a server type whose servers run on other nodes, so that this one can call them.</summary>
    /// <typeparam name="TServer">The server class.</typeparam>
    /// <param name="typeName">The type's name.</param>
    /// <param name="options">As on the nodes that run the servers. What concerns only them, such as <see cref="DurableServerOptions.Save"/>, is not used here.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The servers.</returns>
    /// <exception cref="DurableConfigurationException">A setting is wrong, or a name is taken.</exception>
    public async Task<IDurableServers<TServer>> RegisterProxyAsync<TServer>(string typeName, DurableServerOptions? options = null, CancellationToken cancellationToken = default)
        where TServer : DurableServer
    {
        RequireCluster();
        _ = Groups;
        options ??= new DurableServerOptions();
        if (options.Role is null)
        {
            // Akka keeps the shards' homes with all members of the role, of all members when there is none: one that does not run the type keeps the others waiting for ever.
            throw new DurableConfigurationException(
                $"DurableServerOptions.Role of '{typeName}'", null, "a node that does not run the servers is told apart by a role, so servers that have proxies need one");
        }

        var type = new ServerType(_node, typeName, typeof(TServer), options);
        _node.Add<TServer>(type);
        type.Holds.Watch(Placement);
        var region = await ClusterSharding.Get(_system)
            .StartProxyAsync(typeName, options.Role!, new ServerShardExtractor(type.Layout)).WaitAsync(cancellationToken).ConfigureAwait(false);
        type.Gateway = new Gateway(type, Peers.AddRoute(typeName, region, type.Layout));
        return _node.For<TServer>();
    }

    /// <summary>The servers of a registered type.</summary>
    /// <typeparam name="TServer">The server class.</typeparam>
    /// <returns>The servers.</returns>
    /// <exception cref="InvalidOperationException">The type is not registered.</exception>
    public IDurableServers<TServer> For<TServer>()
        where TServer : DurableServer => _node.For<TServer>();

    /// <summary>A registered server type by its name.</summary>
    /// <param name="typeName">The name.</param>
    /// <returns>The type; null if this node has not registered it.</returns>
    public IDurableServerType? Find(string typeName) => _node.FindType(typeName) is { } type ? new NamedServerType(type) : null;

    private static int FrameSize(Config config) =>
        (int)(config.GetByteSize("akka.remote.dot-netty.tcp.maximum-frame-size", 128_000) ?? 128_000);

    private ClusterShardingSettings ShardingSettings(string? role)
    {
        // What Akka.Hosting's users set by HOCON stays in force, but for what the runtime rests on: the coordinator's state needs no journal, and passivation is ours.
        var config = ConfigurationFactory
            .ParseString("state-store-mode = ddata, remember-entities = off, passivate-idle-entity-after = off")
            .WithFallback(_system.Settings.Config.GetConfig("akka.cluster.sharding"));
        var settings = ClusterShardingSettings.Create(config, _system.Settings.Config.GetConfig(config.GetString("coordinator-singleton"))).WithRole(role!);

        // Servers that stop longer than that are ended by force, 5 s before: a node that stops must not do so sooner than it has to.
        var needed = ShutdownBudget.ForServers(_setup.ShutdownBudget);
        return settings.TuningParameters.HandOffTimeout >= needed ? settings : settings.WithTuningParameters(settings.TuningParameters.WithHandOffTimeout(needed));
    }

    private PlacementControl Placement
    {
        get
        {
            var control = PlacementControl.Get(_system);
            if (_node.Placement is null)
            {
                _node.Placement = control;
                _node.Region = control.Location.Region ?? "";
                _node.Room.Limits = control.Limits;
                control.CountServersBy(_node.Room.Counts);
            }

            return control;
        }
    }

    private DurableShardAllocationStrategy StartPlacement(ServerType type)
    {
        type.Holds.Watch(Placement);
        var options = type.Options.Placement;
        try
        {
            return new DurableShardAllocationStrategy(type.Name, new PlacementOptions
            {
                Policy = options.Policy,
                History = options.History ?? _node.Store.PlacementHistory,
                StabilisationTime = options.StabilisationTime,
                ArrivalTime = options.ArrivalTime,
                Role = options.Role ?? type.Options.Role,
                MaxMovesAtOnce = options.MaxMovesAtOnce,
                MaxMovesPerMinute = options.MaxMovesPerMinute,
                LevelAbove = options.LevelAbove,
                Time = _node.Time,
            });
        }
        catch (ArgumentException wrong)
        {
            throw new DurableConfigurationException($"DurableServerOptions.Placement of '{type.Name}'", (wrong as ArgumentOutOfRangeException)?.ActualValue?.ToString(), wrong.Message.Split(" (Parameter", 2)[0].TrimEnd('.'));
        }
    }

    // One for each type, on the oldest of the nodes that run it: whoever starts servers must know their type.
    private void StartRecovery(ServerType type)
    {
        var settings = ClusterSingletonManagerSettings.Create(_system).WithSingletonName("director");
        if (type.Options.Role is { } role)
        {
            settings = settings.WithRole(role);
        }

        var director = Props.Create(() => new RecoveryDirector(type));
        _system.SystemActorOf(ClusterSingletonManager.Props(director, PoisonPill.Instance, settings), $"akka-durable-recovery-{type.Name}");
    }

    private void RequireCluster()
    {
        if (_system.Provider is not IClusterActorRefProvider)
        {
            throw new DurableConfigurationException("akka.actor.provider", _system.Settings.ProviderClass, "durable servers need a cluster (of one node, if need be): use WithClustering, or provider = cluster");
        }

        // Loads sharding's reference configuration.
        ClusterSharding.Get(_system);
    }

    private Peers StartPeers(CallChannelRef replyTo)
    {
        var peers = new Peers(_system, _node, FrameSize(_system.Settings.Config));
        replyTo.Peers = peers;
        return peers;
    }

    private async Task PrepareStore()
    {
        var factory = _setup.StateStore
            ?? throw new DurableConfigurationException("DurableServersSetup.StateStore", null, "durable servers need a state store: use WithDurableSql, or set it");
        if (_setup.LeaseTimeToLive < MinLease || _setup.LeaseTimeToLive > MaxLease)
        {
            throw new DurableConfigurationException("DurableServersSetup.LeaseTimeToLive", _setup.LeaseTimeToLive.ToString(), "it must be 500 ms to 10 minutes");
        }

        if (!ShutdownBudget.IsAllowed(_setup.ShutdownBudget))
        {
            throw new DurableConfigurationException("DurableServersSetup.ShutdownBudget", _setup.ShutdownBudget.ToString(), ShutdownBudget.Rule);
        }

        _node.Stop.Budget = _setup.ShutdownBudget;
        var store = factory(_system);
        var lease = new NodeLeaseKeeper(store, _node.Time, _node.Loggers.CreateLogger("AkkaDurable.NodeLease"), _node.Address, _setup.LeaseTimeToLive);
        try
        {
            await store.PrepareAsync().ConfigureAwait(false);
            await lease.StartAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        _node.Store = store;
        _node.Lease = lease;
        AddShutdownTasks();

        // Its servers have stopped by then, and a store that lives on actors, such as a journal, has not.
        var released = new Lazy<Task>(() => lease.DisposeAsync().AsTask());
        _leaseReleased = released;
        CoordinatedShutdown.Get(_system).AddTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "akka-durable-lease", async () =>
        {
            await released.Value.ConfigureAwait(false);
            return Done.Instance;
        });
    }

    // Runs when all actors have stopped, so after the last final save.
    private void Close()
    {
        _node.Stop.Close();
        _node.Dispose();
        _leaseReleased?.Value.GetAwaiter().GetResult();
        _node.Store?.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private sealed class DurableServersProvider : ExtensionIdProvider<DurableServers>
    {
        public override DurableServers CreateExtension(ExtendedActorSystem system) => new(system);
    }
}
