namespace AkkaDurable.Cli.Internal;

/// <summary>What the words after <c>akka-durable</c> say: the tool's own options, which begin with two dashes, and the rest, which is for the node.</summary>
/// <param name="Words">Address, palette, verb and what belongs to it.</param>
internal sealed record Invocation(IReadOnlyList<string> Words)
{
    public bool Json { get; init; }

    public bool Yes { get; init; }

    public bool NoColor { get; init; }

    public bool Help { get; init; }

    public bool Version { get; init; }

    public string? TokenFile { get; init; }

    /// <exception cref="CliException">An option lacks its value, or a word is not text.</exception>
    public static Invocation Parse(IReadOnlyList<string> args)
    {
        if (args.FirstOrDefault(arg => arg.Contains('\ufffd', StringComparison.Ordinal)) is { } broken)
        {
            throw new CliException($"\"{Text.Plain(broken)}\" is not UTF-8 text", CliException.Misused);
        }

        var words = new List<string>();
        var invocation = new Invocation(words);
        for (var i = 0; i < args.Count; i++)
        {
            switch (args[i])
            {
                case "--json":
                    invocation = invocation with { Json = true };
                    break;
                case "--yes":
                    invocation = invocation with { Yes = true };
                    break;
                case "--no-color":
                    invocation = invocation with { NoColor = true };
                    break;
                case "--help" or "-h" or "-?":
                    invocation = invocation with { Help = true };
                    break;
                case "--version" when words.Count == 0:
                    invocation = invocation with { Version = true };
                    break;
                case "--token-file":
                    invocation = invocation with { TokenFile = i + 1 < args.Count ? args[++i] : throw new CliException("a file follows --token-file", CliException.Misused) };
                    break;
                case "--token":
                    throw new CliException("a token is not given on the command line, where others see it: use AKKA_DURABLE_TOKEN or --token-file", CliException.Misused);
                case "--":
                    words.AddRange(args.Skip(i));
                    return invocation;
                default:
                    words.Add(args[i]);
                    break;
            }
        }

        return invocation;
    }
}
