using System.Text.Json;
using AkkaDurable.Management.Internal.Commands;

namespace AkkaDurable.Management;

/// <summary>All palettes of a node, and how commands get from words to output: what HTTP, the CLI and other consoles are thin adapters of. Immutable and safe for concurrent use.</summary>
public sealed class CommandCatalog
{
    /// <summary>Makes a catalog.</summary>
    /// <param name="palettes">The palettes.</param>
    /// <exception cref="ArgumentException">Two palettes have the same name.</exception>
    public CommandCatalog(params IEnumerable<CommandPalette> palettes)
    {
        ArgumentNullException.ThrowIfNull(palettes);
        Palettes = [.. palettes];
        if (Palettes.GroupBy(palette => palette.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"there are {twice.Count()} palettes {twice.Key}", nameof(palettes));
        }
    }

    /// <summary>The palettes, in the order in which help shows them.</summary>
    public IReadOnlyList<CommandPalette> Palettes { get; }

    /// <summary>Looks for a palette.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The palette, or null.</returns>
    public CommandPalette? Find(string name) => Palettes.FirstOrDefault(palette => palette.Name == name);

    /// <summary>Reads a command as it is typed: palette, verb, then switches with their values, and words for positional arguments. After a word <c>--</c> all are positional. A value may begin with a <c>-</c>.</summary>
    /// <param name="words">The words.</param>
    /// <returns>The command.</returns>
    /// <exception cref="CommandException">The words are no command; says which word, and the rule.</exception>
    public CommandCall Parse(IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        var (palette, command) = Find(words.Count > 0 ? words[0] : null, words.Count > 1 ? words[1] : null);
        return new CommandCall(palette, command, new ArgumentReader(palette, command).Read(words.Skip(2)));
    }

    /// <summary>Reads a command from JSON: an object whose properties are names of arguments, with a text, a number, a truth value or a list of those; for an argument of JSON anything.</summary>
    /// <param name="palette">The palette's name.</param>
    /// <param name="verb">The verb.</param>
    /// <param name="arguments">The arguments; undefined: none.</param>
    /// <returns>The command.</returns>
    /// <exception cref="CommandException">It is no command; says which argument, and the rule.</exception>
    public CommandCall Parse(string palette, string verb, JsonElement arguments)
    {
        var (found, command) = Find(palette, verb);
        return new CommandCall(found, command, new ArgumentReader(found, command).Read(arguments));
    }

    private (CommandPalette Palette, CommandDefinition Command) Find(string? name, string? verb)
    {
        var palettes = string.Join(", ", Palettes.Select(palette => palette.Name));
        if (name is null)
        {
            throw new CommandException(CommandErrorKind.UnknownPalette, null, null, null, null, $"a command begins with a palette: {palettes}");
        }

        var palette = Find(name) ?? throw new CommandException(CommandErrorKind.UnknownPalette, null, null, null, name, $"is no palette; there are {palettes}");
        var verbs = string.Join(", ", palette.Commands.Select(command => command.Name));
        if (verb is null)
        {
            throw new CommandException(CommandErrorKind.UnknownVerb, name, null, null, null, $"a verb follows the palette: {verbs}");
        }

        return (palette, palette.Find(verb) ?? throw new CommandException(CommandErrorKind.UnknownVerb, name, null, null, verb, $"is no verb; there are {verbs}"));
    }
}
