using System.Text;

namespace AkkaDurable.Cli.Internal.Shell;

/// <summary>A line while it is typed: its text, where the cursor is, and the lines before it. No terminal.</summary>
internal sealed class EditedLine(IReadOnlyList<string> earlier)
{
    private readonly StringBuilder _text = new();
    private int _back = earlier.Count;

    public int At { get; private set; }

    public int Length => _text.Length;

    public string BeforeCursor => _text.ToString(0, At);

    public void Insert(string text)
    {
        _text.Insert(At, text);
        At += text.Length;
    }

    /// <summary>What a key does that changes the line or moves the cursor; others do nothing.</summary>
    public void Apply(ConsoleKeyInfo key)
    {
        if (key.Modifiers == ConsoleModifiers.Control)
        {
            ApplyControl(key.Key);
            return;
        }

        switch (key.Key)
        {
            case ConsoleKey.Backspace:
                Remove(Before(At), At);
                break;
            case ConsoleKey.Delete:
                Remove(At, After(At));
                break;
            case ConsoleKey.LeftArrow:
                At = Before(At);
                break;
            case ConsoleKey.RightArrow:
                At = After(At);
                break;
            case ConsoleKey.Home:
                At = 0;
                break;
            case ConsoleKey.End:
                At = _text.Length;
                break;
            case ConsoleKey.UpArrow when _back > 0:
                Replace(earlier[--_back]);
                break;
            case ConsoleKey.DownArrow when _back < earlier.Count:
                Replace(++_back < earlier.Count ? earlier[_back] : "");
                break;
            default:
                if (!char.IsControl(key.KeyChar))
                {
                    Insert(key.KeyChar.ToString());
                }

                break;
        }
    }

    /// <summary>What of the line fits, so that the cursor can be seen, and where in it the cursor is.</summary>
    public (string Shown, int Column) Window(int width)
    {
        var start = Math.Max(0, At - Math.Max(width, 1) + 1);
        var shown = _text.ToString(start, Math.Min(Math.Max(width, 1), _text.Length - start));
        return (shown, At - start);
    }

    public override string ToString() => _text.ToString();

    // What shells do.
    private void ApplyControl(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.A:
                At = 0;
                break;
            case ConsoleKey.E:
                At = _text.Length;
                break;
            case ConsoleKey.U:
                Remove(0, At);
                break;
            case ConsoleKey.K:
                Remove(At, _text.Length);
                break;
            case ConsoleKey.D:
                Remove(At, After(At));
                break;
            case ConsoleKey.H:
                Remove(Before(At), At);
                break;
            case ConsoleKey.W:
                var start = At;
                while (start > 0 && char.IsWhiteSpace(_text[start - 1]))
                {
                    start--;
                }

                while (start > 0 && !char.IsWhiteSpace(_text[start - 1]))
                {
                    start--;
                }

                Remove(start, At);
                break;
        }
    }

    private void Remove(int start, int end)
    {
        _text.Remove(start, end - start);
        At = start;
    }

    private void Replace(string text)
    {
        _text.Clear().Append(text);
        At = text.Length;
    }

    // A character beyond 16 bits is passed as a whole.
    private int Before(int at) => at >= 2 && char.IsLowSurrogate(_text[at - 1]) && char.IsHighSurrogate(_text[at - 2]) ? at - 2 : Math.Max(0, at - 1);

    private int After(int at) => at + 1 < _text.Length && char.IsHighSurrogate(_text[at]) && char.IsLowSurrogate(_text[at + 1]) ? at + 2 : Math.Min(_text.Length, at + 1);
}
