using AkkaDurable.Management.Internal.Commands;

namespace AkkaDurable.Management;

/// <summary>Commands about one subject. Immutable.</summary>
public sealed class CommandPalette
{
    /// <summary>Makes a palette.</summary>
    /// <param name="name">Its name: lower-case ASCII letters, digits and <c>-</c>.</param>
    /// <param name="description">What it is about, in a sentence.</param>
    /// <param name="commands">Its commands.</param>
    /// <exception cref="ArgumentException">A name or a switch is malformed or used twice, or an argument contradicts itself; the message says which.</exception>
    public CommandPalette(string name, string description, params IReadOnlyList<CommandDefinition> commands)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(description);
        ArgumentNullException.ThrowIfNull(commands);
        Name = name;
        Description = description;
        Commands = [.. commands];
        if (PaletteRules.Problem(this) is { } problem)
        {
            throw new ArgumentException(problem, nameof(commands));
        }
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>What it is about.</summary>
    public string Description { get; }

    /// <summary>Its commands, in the order in which help shows them.</summary>
    public IReadOnlyList<CommandDefinition> Commands { get; }

    /// <summary>Looks for a command.</summary>
    /// <param name="verb">Its name.</param>
    /// <returns>The command, or null.</returns>
    public CommandDefinition? Find(string verb) => Commands.FirstOrDefault(command => command.Name == verb);
}
