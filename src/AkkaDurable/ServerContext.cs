using System.Text.Json;
using Akka.Actor;
using AkkaDurable.Internal.Runtime;
using Microsoft.Extensions.Logging;

namespace AkkaDurable;

/// <summary>What surrounds a running server. One for each incarnation; handlers find it in <c>Context</c>.</summary>
public sealed class ServerContext
{
    private readonly ServerProcess _process;
    private readonly int _incarnation;
    private ServerTimers? _timers;
    private ServerGroups? _groups;
    private bool _isOver;

    internal ServerContext(ServerProcess process, int incarnation, IServiceProvider services)
    {
        _process = process;
        _incarnation = incarnation;
        Services = services;
    }

    /// <summary>The registered name of the server's type.</summary>
    public string ServerType => _process.ServerType.Name;

    /// <summary>The server's key.</summary>
    public string Key => _process.Key;

    /// <summary>The server's actor reference, for plain actors: what they tell it reaches <c>HandleInfo</c>. It ends with the server's stay on this node, so do not store it.</summary>
    public IActorRef Self => _process.Self;

    /// <summary>The server's timers.</summary>
    public ServerTimers Timers => Volatile.Read(ref _timers) ?? MakeTimers();

    /// <summary>The groups, of which the server itself can be a member.</summary>
    public ServerGroups Groups => Volatile.Read(ref _groups) ?? MakeGroups();

    /// <summary>The time to go by; in tests it stands still until told otherwise.</summary>
    public TimeProvider Time => _process.ServerType.Node.Time;

    /// <summary>A logger named like the server's class.</summary>
    public ILogger Logger => _process.ServerType.Log;

    /// <summary>The application's services: the scope of this incarnation if its constructor takes parameters, else the root.</summary>
    public IServiceProvider Services { get; }

    /// <summary>The servers of a type, to call and cast. The same as injecting <see cref="IDurableServers{TServer}"/>.</summary>
    /// <typeparam name="TServer">The server class.</typeparam>
    /// <returns>The servers.</returns>
    /// <exception cref="InvalidOperationException">The type is not registered on this node.</exception>
    public IDurableServers<TServer> Servers<TServer>()
        where TServer : DurableServer => _process.ServerType.Node.For<TServer>();

    /// <summary>Tells a plain actor something, once the state is stored that this handler returns. Outside of a handler it is told at once.</summary>
    /// <param name="target">The actor.</param>
    /// <param name="message">The message; to another node it travels by Akka's own serializers.</param>
    public void Tell(ICanTell target, object message)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(message);
        var output = new Output(target, message, Self);
        if (Turn.Current is not { } turn || !turn.TryAdd(output))
        {
            output.Send();
        }
    }

    internal JsonSerializerOptions JsonOptions => _process.ServerType.Json;

    internal bool HasTimers => Volatile.Read(ref _timers)?.Any == true;

    // Most servers are in no group. A task that a handler left behind may be just about to join one.
    internal void EndGroups(LifecycleReason reason)
    {
        Volatile.Write(ref _isOver, true);
        Interlocked.MemoryBarrier();
        Volatile.Read(ref _groups)?.End(reason);
    }

    // Most servers never have a timer. Any thread may ask for the first one.
    private ServerTimers MakeTimers()
    {
        var made = new ServerTimers(_process, Time, _incarnation);
        return Interlocked.CompareExchange(ref _timers, made, null) ?? made;
    }

    private ServerGroups MakeGroups()
    {
        var made = new ServerGroups(_process, _process.MemberVersion);
        made = Interlocked.CompareExchange(ref _groups, made, null) ?? made;
        if (Volatile.Read(ref _isOver))
        {
            made.End(LifecycleReason.Shutdown);
        }

        return made;
    }
}
