using Akka.Actor;
using Akka.Actor.Setup;
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

    /// <summary>The largest message or reply between nodes, in bytes of JSON.</summary>
    /// <value>The default is <see langword="null"/>: Akka.Remote's <c>maximum-frame-size</c> less 4 KiB for envelope and addresses.</value>
    public int? MaxMessageSize { get; set; }
}
