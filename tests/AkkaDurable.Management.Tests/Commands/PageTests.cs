using System.Text.RegularExpressions;
using AkkaDurable.TestSupport;

namespace AkkaDurable.Management.Tests.Commands;

/// <summary>What the pages tell operators to type is understood.</summary>
public sealed partial class PageTests
{
    private static readonly string[] s_own = ["--yes", "--json", "--no-color"];

    [Theory]
    [InlineData("src/AkkaDurable.Management/OPERATING.md", 30)]
    [InlineData("src/AkkaDurable.Cli/README.md", 5)]
    public void Every_command_of_the_page_is_one_of_the_catalogue(string page, int least)
    {
        var catalog = DurableCommands.CatalogWith();
        var commands = CommandsIn(File.ReadAllText(Path.Combine(SourceTree.Root, page))).ToArray();

        Assert.True(commands.Length >= least, $"{page} has {commands.Length} commands");
        foreach (var command in commands)
        {
            var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries).Except(s_own).ToList();
            if (words is [var first, ..] && (first.StartsWith("localhost:", StringComparison.Ordinal) || first.StartsWith("unix:", StringComparison.Ordinal)))
            {
                words.RemoveAt(0);
            }

            switch (words)
            {
                case [] or ["completion", _]:
                    break;
                case ["help", .. var about]:
                    Assert.True(catalog.Find(about[0]) is { } palette && (about.Count == 1 || palette.Find(about[1]) is not null), command);
                    break;
                default:
                    try
                    {
                        var call = catalog.Parse(words);
                        Assert.True(call.Command.Effect == CommandEffect.Destroys == command.Contains("--yes", StringComparison.Ordinal), $"{command}: --yes is for what cannot be taken back");
                    }
                    catch (CommandException error)
                    {
                        Assert.Fail($"{page}: akka-durable {command}: {error.Message}");
                    }

                    break;
            }
        }
    }

    [Theory]
    [InlineData("README.md", "OPERATING.md")]
    [InlineData("src/AkkaDurable.Management/README.md", "OPERATING.md")]
    [InlineData("src/AkkaDurable.Cli/README.md", "OPERATING.md")]
    [InlineData("src/AkkaDurable.Management/README.md", "PETABRIDGE.md")]
    public void The_pages_are_linked(string readme, string page) => Assert.Contains(page, File.ReadAllText(Path.Combine(SourceTree.Root, readme)), StringComparison.Ordinal);

    private static IEnumerable<string> CommandsIn(string text) =>
        Shown().Matches(text).Select(match => match.Groups[1].Value.Split('#')[0].Trim());

    // At the start of a line of a block, or as code in a sentence.
    [GeneratedRegex(@"(?:^(?:\$ )?|`)akka-durable((?: [^\r\n`]*)?)(?=`|\r?$)", RegexOptions.Multiline)]
    private static partial Regex Shown();
}
