using System.Text;
using AkkaDurable.Cli.Internal.Http;

namespace AkkaDurable.Cli.Internal;

/// <summary>Help: the tool's own, and that of a node's commands.</summary>
internal static class HelpText
{
    public const string Tool =
        """
        akka-durable: shows and moves what runs in an AkkaDurable cluster.

        Usage:
          akka-durable ADDRESS PALETTE VERB [-switch value]...   runs a command on a node
          akka-durable ADDRESS                                   a prompt, with completion by the tab key
          akka-durable ADDRESS help [PALETTE [VERB]]             which commands the node has
          akka-durable completion bash|zsh|fish                  a completion script for your shell

        ADDRESS is HOST:PORT (HTTPS, but for this machine), a URL, or unix:/PATH; left out: AKKA_DURABLE_ADDRESS.

        Options:
          --json             one JSON object a line, as the node sends them
          --yes              what cannot be taken back is meant
          --token-file FILE  the token that permits changes; or AKKA_DURABLE_TOKEN, AKKA_DURABLE_TOKEN_FILE
          --no-color         no colors; or NO_COLOR
          --help, --version

        Exit codes: 0 done; 1 refused, failed, or nobody answered; 2 not understood.

        Examples:
          akka-durable localhost:5000 cluster show
          akka-durable localhost:5000 servers list -t counter -p user- --json
          akka-durable localhost:5000 placement drain 10.0.0.7:8110
          akka-durable unix:/run/shop.sock cluster leave --yes

        """;

    /// <exception cref="CliException">There is no such palette or verb.</exception>
    public static string Of(Model model, IReadOnlyList<string> words)
    {
        if (words.Count == 0)
        {
            return Lines("Palettes:", model.Palettes.Select(palette => (palette.Name, $"{palette.Description} ({string.Join(", ", palette.Commands.Select(command => command.Name))})")));
        }

        var palette = model.Find(words[0]) ?? throw new CliException($"there is no palette {Text.Plain(words[0])}; there are {string.Join(", ", model.Palettes.Select(palette => palette.Name))}", CliException.Misused);
        if (words.Count == 1)
        {
            return $"{palette.Name}: {palette.Description}\n\n{Lines("Verbs:", palette.Commands.Select(command => (command.Name, command.Description + Mark(command))))}";
        }

        var command = palette.Find(words[1]) ?? throw new CliException($"{palette.Name} has no verb {Text.Plain(words[1])}; there are {string.Join(", ", palette.Commands.Select(command => command.Name))}", CliException.Misused);
        var text = new StringBuilder($"{palette.Name} {command.Name}: {command.Description}{Mark(command)}\n\nUsage:\n  {palette.Name} {command.Name}");
        foreach (var argument in command.Arguments)
        {
            text.Append(' ').Append(Usage(argument));
        }

        text.Append('\n');
        if (command.Arguments.Count > 0)
        {
            text.Append('\n').Append(Lines("Switches:", command.Arguments.Select(argument => (Names(argument), About(argument)))));
        }

        if (command.Examples.Count > 0)
        {
            text.Append("\nExamples:\n").AppendJoin("", command.Examples.Select(example => $"  {palette.Name} {command.Name} {example}".TrimEnd() + "\n"));
        }

        return text.ToString();
    }

    private static string Mark(Model.Command command) => (command.Effect, command.Follows) switch
    {
        (_, true) => " Goes on until it is ended.",
        ("destroys", _) => " Cannot be taken back: needs a token and --yes.",
        ("changes", _) => " Needs a token.",
        ("reveals", _) => " Shows what may be confidential: needs a token.",
        _ => "",
    };

    private static string Usage(Model.Argument argument)
    {
        var value = argument.Name.ToUpperInvariant();
        var one = argument.IsPositional ? value : argument.Type == "flag" ? argument.Switches[0] : $"{argument.Switches[0]} {value}";
        return (argument.IsMandatory ? one : $"[{one}]") + (argument.AllowsMultiple ? "..." : "");
    }

    private static string Names(Model.Argument argument) => string.Join(", ", argument.Switches) is { Length: > 0 } names ? names : argument.Name.ToUpperInvariant();

    private static string About(Model.Argument argument) =>
        argument.Description
        + (argument.Choices.Count > 0 ? $" One of {string.Join(", ", argument.Choices)}." : argument.Type is "text" or "flag" ? "" : $" ({argument.Type})")
        + (argument.Defaults.Count > 0 ? $" Default: {string.Join(", ", argument.Defaults)}." : "");

    private static string Lines(string title, IEnumerable<(string Name, string Text)> entries)
    {
        var all = entries.ToArray();
        var width = all.Max(entry => entry.Name.Length);
        return $"{title}\n{string.Concat(all.Select(entry => $"  {entry.Name.PadRight(width)}  {entry.Text}\n"))}";
    }
}
