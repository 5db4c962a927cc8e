using Akka.Actor;
using AkkaDurable.Management.Internal.Commands;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaDurable.Management;

/// <summary>A command with its arguments, ready to run. Immutable.</summary>
/// <param name="Palette">The palette.</param>
/// <param name="Command">The command.</param>
/// <param name="Arguments">Its arguments, checked.</param>
public sealed record CommandCall(CommandPalette Palette, CommandDefinition Command, CommandArguments Arguments)
{
    /// <summary>Runs the command. Asks for no permission: that is for whoever takes commands from outside.</summary>
    /// <param name="system">The node's actor system.</param>
    /// <param name="services">The application's services; its <see cref="TimeProvider"/>, if it has one, is the clock.</param>
    /// <param name="caller">Who asked, for logs.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What it has to tell. Enumerating it throws a <see cref="CommandException"/> when the command was refused or did not do what it was asked.</returns>
    public IAsyncEnumerable<CommandOutput> RunAsync(ActorSystem system, IServiceProvider services, string caller = "", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(caller);
        var context = new CommandContext(system, Arguments, services) { Time = services.GetService<TimeProvider>() ?? TimeProvider.System, Caller = caller };
        return CommandRun.Of(Command, context, cancellationToken);
    }

    /// <summary>The command as one types it, without JSON, which may be confidential.</summary>
    /// <returns>Palette, verb, switches and values.</returns>
    public override string ToString() => string.Join(' ', new[] { Palette.Name, Command.Name, Arguments.ToString() }.Where(part => part.Length > 0));
}
