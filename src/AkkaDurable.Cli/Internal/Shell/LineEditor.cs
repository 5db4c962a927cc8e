using AkkaDurable.Cli.Internal.Http;

namespace AkkaDurable.Cli.Internal.Shell;

/// <summary>Reads a line from the keyboard, with the arrow keys, earlier lines and completion.</summary>
internal sealed class LineEditor(Model model)
{
    private readonly List<string> _earlier = [];

    /// <returns>The line; empty if it was given up (Ctrl+C); null at the end of the input (Ctrl+D).</returns>
    public string? Read(string prompt)
    {
        // Else Ctrl+C would end the tool.
        Console.TreatControlCAsInput = true;
        try
        {
            return ReadLine(prompt);
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }

    private string? ReadLine(string prompt)
    {
        var line = new EditedLine(_earlier);
        while (true)
        {
            Draw();
            var key = Console.ReadKey(intercept: true);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    Console.WriteLine();
                    var text = line.ToString();
                    if (text.Length > 0 && (_earlier.Count == 0 || _earlier[^1] != text))
                    {
                        _earlier.Add(text);
                    }

                    return text;
                case ConsoleKey.D when key.Modifiers == ConsoleModifiers.Control && line.Length == 0:
                    Console.WriteLine();
                    return null;
                case ConsoleKey.C when key.Modifiers == ConsoleModifiers.Control:
                    Console.WriteLine("^C");
                    return "";
                case ConsoleKey.L when key.Modifiers == ConsoleModifiers.Control:
                    Console.Write("\u001b[H\u001b[2J");
                    break;
                case ConsoleKey.Tab:
                    Complete();
                    break;
                default:
                    line.Apply(key);
                    break;
            }
        }

        void Complete()
        {
            var (added, candidates) = Completion(line.BeforeCursor);
            line.Insert(added);
            if (candidates.Count > 1 && added.Length == 0)
            {
                Console.WriteLine();
                Console.WriteLine(string.Join("  ", candidates));
            }
        }

        // From the line's start; the rest of what stood there before is cleared. Never more than fits, since a line that wraps cannot be drawn again so.
        void Draw()
        {
            var (shown, column) = line.Window(Console.WindowWidth - prompt.Length - 1);
            Console.Write($"\r\u001b[K{prompt}{shown}\r\u001b[{prompt.Length + column}C");
        }
    }

    /// <summary>What the tab key adds to what is typed, and what could follow.</summary>
    internal (string Added, IReadOnlyList<string> Candidates) Completion(string typed)
    {
        var words = Text.Split(typed);
        var isNew = typed.Length == 0 || char.IsWhiteSpace(typed[^1]);
        var current = isNew || words.Count == 0 ? "" : words[^1];
        var candidates = Completer.Complete(model, isNew ? words : words[..^1], current);
        if (candidates.Count == 0)
        {
            return ("", candidates);
        }

        var common = candidates[0].Length;
        foreach (var candidate in candidates)
        {
            common = Math.Min(common, candidate.Zip(candidates[0]).TakeWhile(pair => pair.First == pair.Second).Count());
        }

        return (candidates[0][current.Length..common] + (candidates.Count == 1 ? " " : ""), candidates);
    }
}
