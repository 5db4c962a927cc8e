using System.Collections.Concurrent;
using Akka.Actor;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Groups;
using AkkaDurable.Internal.Leases;
using AkkaDurable.Internal.Placing;
using AkkaDurable.Internal.Stopping;
using AkkaDurable.Internal.Telemetry;
using AkkaDurable.Internal.Wire;
using AkkaDurable.Placement;
using AkkaDurable.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaDurable.Internal.Runtime;

/// <summary>What the server types of one node share. Knows of no actor system, so that a probe can have one too.</summary>
internal sealed class DurableNode : IDisposable
{
    private readonly ConcurrentDictionary<Type, object> _servers = new();
    private readonly ConcurrentDictionary<string, ServerType> _types = new(StringComparer.Ordinal);

    // Most nodes have none, and need not look.
    private volatile bool _hasCodecs;

    public DurableNode(TimeProvider time, IServiceProvider? services, ILoggerFactory? loggers, string address, int maxMessageSize)
    {
        Time = time;
        Services = services ?? NoServices.Instance;
        Loggers = loggers ?? NullLoggerFactory.Instance;
        Address = address;
        MaxMessageSize = maxMessageSize;
        Channel = new CallChannel(time);
        Metrics = new NodeMetrics(time, Services, () => _types.Values.Select(static type => (type.Name, type.Activations.Count)));
        Stop = new NodeStop(time, () => _types.Values.SelectMany(static type => type.Activations.Running));
    }

    public TimeProvider Time { get; }

    /// <summary>What the servers measure of themselves.</summary>
    public NodeMetrics Metrics { get; }

    /// <summary>The account of how the servers end when the node does.</summary>
    public NodeStop Stop { get; }

    public IServiceProvider Services { get; }

    public ILoggerFactory Loggers { get; }

    public string Address { get; }

    /// <summary>Where the node is; empty: nobody said. Set once, before the first server type.</summary>
    public string Region { get; set; } = "";

    public int MaxMessageSize { get; }

    /// <summary>Whether calls without an answer are sent again. A probe has nobody else to send them to.</summary>
    public bool RepeatsCalls { get; init; } = true;

    public MessageTable Messages { get; } = new();

    public CallChannel Channel { get; }

    /// <summary>Where replies to this node go. Set once.</summary>
    public IActorRef ReplyTo { get; set; } = ActorRefs.Nobody;

    /// <summary>Set once, before the first server type that runs here.</summary>
    public IStateStore Store { get; set; } = null!;

    /// <summary>How to get the store on a node that runs no servers, and may not have opened it.</summary>
    public Func<Task> PrepareStore { get; init; } = static () => Task.CompletedTask;

    /// <summary>Set once, with the store.</summary>
    public INodeLease Lease { get; set; } = NoLease.Instance;

    /// <summary>How servers tell what becomes of them.</summary>
    public LifecycleNotes Lifecycle { get; } = new();

    /// <summary>How many servers run here, and how many may.</summary>
    public NodeRoom Room { get; } = new();

    /// <summary>Where servers are placed. Set once, before the first server type; null where there is no cluster.</summary>
    public IPlacementControl? Placement { get; set; }

    public IEnumerable<ServerType> Types => _types.Values;

    public void Add<TServer>(ServerType type)
        where TServer : DurableServer
    {
        if (_types.TryGetValue(type.Name, out var taken))
        {
            throw new DurableConfigurationException("The server type's name", type.Name, $"{taken.ImplementationType.FullName} is registered under it on this node already");
        }

        if (!_servers.TryAdd(typeof(TServer), new DurableServers<TServer>(type)))
        {
            throw new DurableConfigurationException("The server class", typeof(TServer).FullName, $"it is registered on this node already, as '{For<TServer>().ServerType}'");
        }

        Messages.Declare(type.ImplementationType, type.Options.Messages, type.Json);
        _types[type.Name] = type;
        if (type.WriteCodec is not null)
        {
            _hasCodecs = true;
        }
    }

    public IDurableServers<TServer> For<TServer>()
        where TServer : DurableServer =>
        _servers.TryGetValue(typeof(TServer), out var servers)
            ? (IDurableServers<TServer>)servers
            : throw new InvalidOperationException($"{typeof(TServer).Name} is not registered on this node. Register it with WithDurableServer<{typeof(TServer).Name}>(name), or WithDurableServerProxy on nodes that do not run it, and see that the host has started.");

    /// <exception cref="DurableConfigurationException">No store is set.</exception>
    /// <exception cref="StoreUnavailableException">It cannot be reached.</exception>
    public async ValueTask<IStateStore> OpenStoreAsync(CancellationToken cancellationToken)
    {
        await PrepareStore().WaitAsync(cancellationToken).ConfigureAwait(false);
        return Store;
    }

    public ServerType? FindType(string serverType) => _types.GetValueOrDefault(serverType);

    public ServerType TypeOf(string serverType) => _types[serverType];

    /// <summary>How messages for a server type are written; null: as JSON.</summary>
    public DurableCodec? WriteCodecOf(string serverType) => _hasCodecs && _types.TryGetValue(serverType, out var type) ? type.WriteCodec : null;

    public void Dispose()
    {
        Channel.Dispose();
        Metrics.Dispose();
        foreach (var type in _types.Values)
        {
            type.Dispose();
        }
    }

    private sealed class NoServices : IServiceProvider
    {
        public static NoServices Instance { get; } = new();

        public object? GetService(Type serviceType) => null;
    }
}
