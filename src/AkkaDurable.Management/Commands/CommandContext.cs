using Akka.Actor;

namespace AkkaDurable.Management;

/// <summary>What a command works on.</summary>
/// <param name="System">The node's actor system.</param>
/// <param name="Arguments">Its arguments, checked.</param>
/// <param name="Services">The application's services.</param>
public sealed record CommandContext(ActorSystem System, CommandArguments Arguments, IServiceProvider Services)
{
    /// <summary>The clock for waits and time-outs.</summary>
    /// <value>The default is <see cref="TimeProvider.System"/>.</value>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Who asked, for logs.</summary>
    /// <value>The default is empty: nobody knows.</value>
    public string Caller { get; init; } = "";
}
