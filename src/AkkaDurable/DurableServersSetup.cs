using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using AkkaDurable.Storage;
using Microsoft.Extensions.Logging;

namespace AkkaDurable;

/// <summary>What the durable servers of one node share. Part of the <see cref="ActorSystemSetup"/>; apps that use Akka.Hosting need not touch it.</summary>
public sealed class DurableServersSetup : Setup
{
    /// <summary>Makes the store that holds the states. Asked once, when the first server type is registered; the store is disposed of with the actor system.</summary>
    /// <value>The default is <see langword="null"/>: registering a server type fails.</value>
    public Func<ActorSystem, IStateStore>? StateStore { get; set; }

    /// <summary>The time that timers, time-outs and idling go by.</summary>
    /// <value>The default is <see cref="TimeProvider.System"/>.</value>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>The application's services, for the constructors of servers.</summary>
    /// <value>The default is <see langword="null"/>: servers whose constructors take parameters cannot be made.</value>
    public IServiceProvider? Services { get; set; }

    /// <summary>Where log messages go.</summary>
    /// <value>The default is <see langword="null"/>: to the actor system's own log.</value>
    public ILoggerFactory? Loggers { get; set; }

    /// <summary>
    /// How long this node may answer for its servers after the last renewal of its lease in the state store; it is renewed three times in that time. It is also how long a server may have to wait
    /// when its node was lost and the cluster was quicker to notice, and how long reads go on while the store is away.
    /// </summary>
    /// <value>The default is 5 seconds. 500 ms to 10 minutes; validated when the first server type is registered.</value>
    public TimeSpan LeaseTimeToLive { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How groups and lifecycle events work on this node.</summary>
    public DurableGroupOptions Groups { get; } = new();

    /// <summary>
    /// How long a node may take to stop in order: to have its servers end their handlers, save and go to other nodes, and then to leave the cluster. What could not be saved by then is logged by key and in <see cref="DurableServers.Shutdown"/>.
    /// </summary>
    /// <value>The default is 30 seconds. 3 seconds to 1 hour; validated when the first server type is registered.</value>
    /// <remarks>Two thirds of it are for the servers. Akka's own phases must allow as much: Akka.Hosting's users get that from <c>AkkaDurable.Hosting</c>, others put <see cref="ShutdownPhases"/> into their configuration.</remarks>
    public TimeSpan ShutdownBudget { get; set; } = Internal.Stopping.ShutdownBudget.Default;

    /// <summary>The time-outs of the phases of Akka's coordinated shutdown that go with a <see cref="ShutdownBudget"/>.</summary>
    /// <param name="budget">The budget.</param>
    /// <returns>Settings for the actor system.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="budget"/> is less than 3 seconds or more than 1 hour.</exception>
    public static Config ShutdownPhases(TimeSpan budget) => Internal.Stopping.ShutdownBudget.IsAllowed(budget)
        ? Internal.Stopping.ShutdownBudget.Phases(budget)
        : throw new ArgumentOutOfRangeException(nameof(budget), budget, $"A shutdown budget: {Internal.Stopping.ShutdownBudget.Rule}.");

    /// <summary>The largest message or reply between nodes, in bytes of JSON.</summary>
    /// <value>The default is <see langword="null"/>: Akka.Remote's <c>maximum-frame-size</c> less 4 KiB for envelope and addresses.</value>
    public int? MaxMessageSize { get; set; }
}
