using System.Text;
using AkkaDurable.Cli.Internal.Http;

namespace AkkaDurable.Cli.Internal.Shell;

/// <summary>Reads a line from the keyboard, with the arrow keys, earlier lines and completion.</summary>
internal sealed class LineEditor(Model model)
{
    private readonly List<string> _earlier = [];

    /// <returns>The line; null at the end of the input (Ctrl+D).</returns>
    public string? Read(string prompt)
    {
        var line = new StringBuilder();
        var at = 0;
        var back = _earlier.Count;
        Draw();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    Console.WriteLine();
                    if (line.Length > 0)
                    {
                        _earlier.Add(line.ToString());
                    }

                    return line.ToString();
                case ConsoleKey.D when key.Modifiers == ConsoleModifiers.Control && line.Length == 0:
                    Console.WriteLine();
                    return null;
                case ConsoleKey.Backspace when at > 0:
                    line.Remove(--at, 1);
                    break;
                case ConsoleKey.Delete when at < line.Length:
                    line.Remove(at, 1);
                    break;
                case ConsoleKey.LeftArrow:
                    at = Math.Max(0, at - 1);
                    break;
                case ConsoleKey.RightArrow:
                    at = Math.Min(line.Length, at + 1);
                    break;
                case ConsoleKey.Home:
                    at = 0;
                    break;
                case ConsoleKey.End:
                    at = line.Length;
                    break;
                case ConsoleKey.UpArrow when back > 0:
                    Replace(_earlier[--back]);
                    break;
                case ConsoleKey.DownArrow when back < _earlier.Count:
                    Replace(++back < _earlier.Count ? _earlier[back] : "");
                    break;
                case ConsoleKey.Tab:
                    Complete();
                    break;
                default:
                    if (!char.IsControl(key.KeyChar))
                    {
                        line.Insert(at++, key.KeyChar);
                    }

                    break;
            }

            Draw();
        }

        void Replace(string text)
        {
            line.Clear().Append(text);
            at = line.Length;
        }

        void Complete()
        {
            var (added, candidates) = Completion(line.ToString(0, at));
            line.Insert(at, added);
            at += added.Length;
            if (candidates.Count > 1 && added.Length == 0)
            {
                Console.WriteLine();
                Console.WriteLine(string.Join("  ", candidates));
            }
        }

        // From the line's start; the rest of what stood there before is cleared.
        void Draw() => Console.Write($"\r\u001b[K{prompt}{line}\r\u001b[{prompt.Length + at}C");
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
