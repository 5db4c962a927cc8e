using System.Text.Json;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Calls.Recent;
using AkkaDurable.Internal.Healing;
using AkkaDurable.Internal.Holding;
using AkkaDurable.Internal.Leases;
using AkkaDurable.Internal.Placing;
using AkkaDurable.Internal.State;
using AkkaDurable.Placement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AkkaDurable.Internal.Runtime;

/// <summary>One server type as registered on this node: what all its servers share.</summary>
internal sealed class ServerType : IDisposable
{
    private static readonly TimeSpan s_recoveryPause = TimeSpan.FromSeconds(2);

    private readonly Func<IServiceProvider, DurableServer> _factory;
    private readonly bool _needsServices;
    private volatile Gateway? _gateway;
    private volatile Shortcuts? _shortcuts;

    /// <param name="node">The node.</param>
    /// <param name="name">The registered name.</param>
    /// <param name="implementationType">The server class.</param>
    /// <param name="options">Checked here.</param>
    /// <param name="factory">How to make a server; null: by its constructor, with the node's services.</param>
    public ServerType(DurableNode node, string name, Type implementationType, DurableServerOptions options, Func<DurableServer>? factory = null)
    {
        options.Validate(name);
        CheckName(name);
        if (implementationType.IsAbstract)
        {
            throw new DurableConfigurationException("The server class", implementationType.FullName, "a server class is not abstract");
        }

        Node = node;
        Name = name;
        ImplementationType = implementationType;
        Options = options;
        Json = options.Json;
        Json.MakeReadOnly(populateMissingResolver: true);

        Codec = options.Codec;
        WriteCodec = options.WriteWithCodec ? Codec : null;

        // Only its type is asked, so no constructor need run.
        var model = (DurableServer)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(implementationType);
        States = model.CreateStateModel(new StateModelSettings(Json, options.MaxStateSize, options.StateChecks) { Codec = Codec, WriteCodec = WriteCodec });
        CheckCodec();
        HandlesSaved = States.Overrides(implementationType, "HandleSaved");
        if (factory is not null)
        {
            _factory = _ => factory();
        }
        else
        {
            _needsServices = implementationType.GetConstructors().All(constructor => constructor.GetParameters().Length > 0);
            var create = ActivatorUtilities.CreateFactory(implementationType, Type.EmptyTypes);
            _factory = services => (DurableServer)create(services, null);
        }

        Log = node.Loggers.CreateLogger(implementationType.FullName ?? implementationType.Name);
        CallLimits = new RecentCallsLimits(options.RememberedCalls, options.RememberedReplyBytes, (long)options.RememberCallsFor.TotalMilliseconds) { Codec = WriteCodec };
        Holds = new HeldShards(this);
        Hold = new TypeHold(this, options.StartsHeld);
        Layout = new ShardLayout(name, options.ShardCount, options.HomeRegion, options.Regions);
        Upgrades = new ShardUpgrades(this);
        Directory = new ServerDirectory(this);
        Budget = new CrashBudget(options.MaxCrashes, options.CrashWindow, options.RestartDelay, options.MaxRestartDelay);
        Breaker = new RestartBreaker(node.Time, options.BreakerCrashes, options.BreakerWindow, options.BreakerCoolDown);
        AnswersKeptFor = (long)(AnsweredCalls.KeptFor.TotalSeconds * node.Time.TimestampFrequency);
        Activations = new Activations(node.Time, options.PassivateAfter, options.MaxActiveServers);
    }

    public DurableNode Node { get; }

    public string Name { get; }

    public Type ImplementationType { get; }

    public DurableServerOptions Options { get; }

    public JsonSerializerOptions Json { get; }

    /// <summary>Reads what is not JSON.</summary>
    public DurableCodec? Codec { get; }

    /// <summary>How messages, replies and states are written; null: as JSON.</summary>
    public DurableCodec? WriteCodec { get; }

    public StateModel States { get; }

    public bool HandlesSaved { get; }

    public ILogger Log { get; }

    public RecentCallsLimits CallLimits { get; }

    public ShardLayout Layout { get; }

    /// <exception cref="NotSupportedException">There is no cluster.</exception>
    public IPlacementControl Placement => Node.Placement ?? throw new NotSupportedException("Servers are placed in a cluster; here there is none.");

    /// <summary>The shards that have no place for now.</summary>
    public HeldShards Holds { get; }

    /// <summary>Whether the servers may run on this node.</summary>
    public TypeHold Hold { get; }

    public Activations Activations { get; }

    /// <summary>Moves of shards to nodes with newer code.</summary>
    public ShardUpgrades Upgrades { get; }

    /// <summary>What is stored of the servers.</summary>
    public ServerDirectory Directory { get; }

    /// <summary>How often a server may crash.</summary>
    public CrashBudget Budget { get; }

    /// <summary>Whether crashed servers come back by themselves on this node.</summary>
    public RestartBreaker Breaker { get; }

    /// <summary>What is remembered in memory of the calls of servers that have left it.</summary>
    public PastCalls PastCalls { get; } = new();

    /// <summary>How long a call is remembered in memory; in time stamps of the clock.</summary>
    public long AnswersKeptFor { get; }

    /// <summary>What must be fresh for a server to answer.</summary>
    public INodeLease Lease => Options.Reads == ReadPolicy.Fast ? NoLease.Instance : Node.Lease;

    /// <summary>Set once, when the way to the servers is known: the name is taken before, so that two registrations cannot both take it.</summary>
    public Gateway Gateway
    {
        get => _gateway ?? throw new InvalidOperationException($"The server type '{Name}' is being started on this node. Wait until the host has started.");
        set => _gateway = value;
    }

    /// <summary>How this node's messages get to the servers; null in a probe, and until it is known. Set once.</summary>
    public Shortcuts? Shortcuts { get => _shortcuts; set => _shortcuts = value; }

    public ServerInstance CreateInstance(ServerProcess process, int incarnation)
    {
        var services = Node.Services;
        AsyncServiceScope? scope = null;
        if (_needsServices)
        {
            scope = services.CreateAsyncScope();
            services = scope.Value.ServiceProvider;
        }

        try
        {
            var server = _factory(services);
            var context = new ServerContext(process, incarnation, services);
            server.Attach(context);
            var version = States.VersionOf(server);
            return version >= 1
                ? new ServerInstance(server, context, scope)
                : throw new InvalidOperationException($"{ImplementationType.Name}.StateVersion is {version}; it must be at least 1.");
        }
        catch
        {
            scope?.Dispose();
            throw;
        }
    }

    /// <summary>Starts a permanent server again in a while, of which the store tells that it runs here, although it does not.</summary>
    public void RecoverLater(string key)
    {
        if (_gateway is { } gateway)
        {
            _ = Run(Node.Time);
        }

        async Task Run(TimeProvider time)
        {
            var cooling = Breaker.OpenFor;
            await Task.Delay(cooling > s_recoveryPause ? cooling : s_recoveryPause, time).ConfigureAwait(false);
            gateway!.Return(new ControlEnvelope(Name, key, 0, ControlVerb.Recover), Akka.Actor.ActorRefs.Nobody);
        }
    }

    /// <summary>Checks an id that a caller gave to a call.</summary>
    public string CheckCallId(string id)
    {
        if (Options.RememberedCalls == 0)
        {
            throw new ArgumentException($"Servers of the type '{Name}' remember no calls (DurableServerOptions.RememberedCalls is 0), so a call's id would not keep it from running twice.", nameof(id));
        }

        return KeyRule.Violation(id) is { } violation
            ? throw new ArgumentException($"The call's id {KeyRule.Show(id)} is not allowed: {violation}. It is 1 to {KeyRule.MaxBytes} bytes of UTF-8, not only white space, without control characters and lone surrogates.", nameof(id))
            : id;
    }

    public void Dispose() => Activations.Dispose();

    private void CheckCodec()
    {
        var rule = Codec is null ? null
            : WriteCodec is not null && States.Overrides(ImplementationType, "DumpState")
                ? $"{ImplementationType.Name} overrides DumpState, whose result is stored as JSON; a codec stores the {States.StateType.Name} itself: leave out the one or the other"
                : Codec.RefusalOf(States.StateType);
        if (rule is not null)
        {
            throw new DurableConfigurationException($"DurableServerOptions.Codec of '{Name}'", Codec!.Name, rule);
        }
    }

    private static void CheckName(string name)
    {
        if (string.IsNullOrEmpty(name) || name.Length > 100 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))
        {
            throw new DurableConfigurationException("The server type's name", name, "it has 1 to 100 ASCII letters, digits, '-', '_' and '.'");
        }
    }
}
