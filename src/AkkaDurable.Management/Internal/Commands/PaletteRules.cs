namespace AkkaDurable.Management.Internal.Commands;

/// <summary>Which palettes are refused, and why.</summary>
internal static class PaletteRules
{
    /// <returns>What is wrong, or null.</returns>
    public static string? Problem(CommandPalette palette) =>
        !IsName(palette.Name) ? $"the palette \"{palette.Name}\" {NameRule}"
        : palette.Commands.Count == 0 ? $"the palette {palette.Name} has no commands"
        : Twice(palette.Commands.Select(command => command.Name)) is { } twice ? $"the palette {palette.Name} has two commands {twice}"
        : palette.Commands.Select(command => Problem(command) is { } problem ? $"{palette.Name} {command.Name}: {problem}" : null).FirstOrDefault(problem => problem is not null);

    private const string NameRule = "needs a name of lower-case ASCII letters, digits and -, which begins with a letter";

    private static string? Problem(CommandDefinition command) =>
        !IsName(command.Name) ? NameRule
        : string.IsNullOrWhiteSpace(command.Description) ? "it has no description"
        : Twice(command.Arguments.Select(argument => argument.Name)) is { } name ? $"two arguments are called {name}"
        : Twice(command.Arguments.SelectMany(argument => argument.Switches)) is { } word ? $"the switch {word} is there twice"
        : command.Arguments.SkipWhile(argument => !argument.IsPositional || !argument.AllowsMultiple).Skip(1).Any(argument => argument.IsPositional) ? "no positional argument can follow one that takes all further words"
        : command.Arguments.Select(argument => Problem(argument) is { } problem ? $"{argument.Name} {problem}" : null).FirstOrDefault(problem => problem is not null);

    private static string? Problem(CommandArgument argument) =>
        !IsName(argument.Name) ? NameRule
        : string.IsNullOrWhiteSpace(argument.Description) ? "has no description"
        : argument.Switches.Any(word => word.Length < 2 || word[0] != '-' || word == "--" || !word.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')) ? "has a switch that is not - and ASCII letters, digits or -"
        : argument.Switches.Count == 0 && !argument.IsPositional ? "has no switch and is not positional"
        : argument.IsMandatory && argument.Defaults.Count > 0 ? "must be given and has a default"
        : !argument.AllowsMultiple && argument.Defaults.Count > 1 ? "has several defaults, but takes one value"
        : argument.Type == CommandValueType.Choice != argument.Choices.Count > 0 ? "has choices if, and only if, it is one"
        : argument.Type == CommandValueType.Flag && (argument.IsMandatory || argument.AllowsMultiple || argument.IsPositional || argument.Defaults.Count > 0) ? "is a flag, which is set or not"
        : argument.Defaults.Select(text => ArgumentValue.TryRead(argument, text, out _, out var rule) ? null : $"has the default \"{text}\", but {rule}").FirstOrDefault(problem => problem is not null);

    private static bool IsName(string? name) => name is { Length: > 0 and <= 40 } && char.IsAsciiLetterLower(name[0]) && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private static string? Twice(IEnumerable<string> names) => names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
}
