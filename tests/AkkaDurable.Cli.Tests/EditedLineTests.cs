using AkkaDurable.Cli.Internal.Shell;

namespace AkkaDurable.Cli.Tests;

public sealed class EditedLineTests
{
    private static readonly string[] s_earlier = ["first", "second"];

    [Theory]
    [InlineData("ab|Left|c", "acb")]
    [InlineData("ab|Home|c|End|d", "cabd")]
    [InlineData("ab|Backspace|c", "ac")]
    [InlineData("ab|Home|Delete|c", "cb")]
    [InlineData("Backspace|Delete|Left|Right|a", "a")]
    [InlineData("one two|^W|x", "one x")]
    [InlineData("one two  |^W|^W|x", "x")]
    [InlineData("abc|Left|^U", "c")]
    [InlineData("abc|Left|^K", "ab")]
    [InlineData("abc|^A|^D|^E|^H", "b")]
    [InlineData("Up", "second")]
    [InlineData("Up|Up|Up", "first")]
    [InlineData("Up|Up|Down", "second")]
    [InlineData("a|Up|Down", "")]
    [InlineData("a😀b|Left|Left|x", "ax😀b")]
    [InlineData("a😀|Backspace|b", "ab")]
    public void Keys_change_it_as_in_a_shell(string keys, string text)
    {
        var line = new EditedLine(s_earlier);
        foreach (var key in keys.Split('|'))
        {
            Press(line, key);
        }

        Assert.Equal(text, line.ToString());
    }

    [Theory]
    [InlineData("abc", 10, "abc", 3)]
    [InlineData("abcdef", 4, "def", 3)]
    [InlineData("abcdef|Home", 4, "abcd", 0)]
    [InlineData("abcdef", 0, "", 0)]
    public void What_does_not_fit_is_scrolled(string keys, int width, string shown, int column)
    {
        var line = new EditedLine([]);
        foreach (var key in keys.Split('|'))
        {
            Press(line, key);
        }

        Assert.Equal((shown, column), line.Window(width));
    }

    private static void Press(EditedLine line, string key)
    {
        if (key.StartsWith('^'))
        {
            line.Apply(new ConsoleKeyInfo('\0', Enum.Parse<ConsoleKey>(key[1..]), shift: false, alt: false, control: true));
        }
        else if (Enum.TryParse<ConsoleKey>(key, out var named) || Enum.TryParse(key + "Arrow", out named))
        {
            line.Apply(new ConsoleKeyInfo('\0', named, shift: false, alt: false, control: false));
        }
        else
        {
            foreach (var c in key)
            {
                line.Apply(new ConsoleKeyInfo(c, default, shift: false, alt: false, control: false));
            }
        }
    }
}
