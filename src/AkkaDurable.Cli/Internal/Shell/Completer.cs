using AkkaDurable.Cli.Internal.Http;

namespace AkkaDurable.Cli.Internal.Shell;

/// <summary>What may stand next. Pure.</summary>
internal static class Completer
{
    /// <param name="model">The node's commands.</param>
    /// <param name="before">The words before the one that is being typed.</param>
    /// <param name="typed">What is typed of it.</param>
    public static IReadOnlyList<string> Complete(Model model, IReadOnlyList<string> before, string typed) =>
        [.. Candidates(model, before).Where(candidate => candidate.StartsWith(typed, StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Candidates(Model model, IReadOnlyList<string> before)
    {
        if (before.Count == 0)
        {
            return model.Palettes.Select(palette => palette.Name).Append("help");
        }

        if (before[0] == "help")
        {
            return before.Count == 1 ? model.Palettes.Select(palette => palette.Name) : before.Count == 2 ? model.Find(before[1])?.Commands.Select(command => command.Name) ?? [] : [];
        }

        if (model.Find(before[0]) is not { } palette)
        {
            return [];
        }

        if (before.Count == 1)
        {
            return palette.Commands.Select(command => command.Name);
        }

        if (palette.Find(before[1]) is not { } command)
        {
            return [];
        }

        // After a switch comes its value.
        if (before.Count > 2 && command.Arguments.FirstOrDefault(argument => argument.Type != "flag" && argument.Switches.Contains(before[^1])) is { } last)
        {
            return last.Choices;
        }

        return command.Arguments.Where(argument => argument.AllowsMultiple || !argument.Switches.Any(before.Contains)).SelectMany(argument => argument.Switches.Take(1))
            .Concat(command.Arguments.Where(argument => argument.IsPositional).SelectMany(argument => argument.Choices));
    }
}
