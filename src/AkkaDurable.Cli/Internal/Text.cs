using System.Text;

namespace AkkaDurable.Cli.Internal;

/// <summary>Text from elsewhere, as it may be shown: it must not move a terminal's cursor or forge a line.</summary>
internal static class Text
{
    public static string Plain(string text) => text.AsSpan().IndexOfAnyInRange('\0', '\u001f') < 0 && text.AsSpan().IndexOfAnyInRange('\u007f', '\u009f') < 0
        ? text
        : string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));

    /// <summary>Splits a typed line: white space parts words, quotes of either kind hold them together, a backslash takes a quote for itself.</summary>
    /// <returns>The words.</returns>
    public static List<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var quote = '\0';
        var isWord = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c == '\\' && i + 1 < line.Length && line[i + 1] is '"' or '\'' or '\\' && quote != '\'')
            {
                word.Append(line[++i]);
                isWord = true;
            }
            else if (quote != '\0' ? c == quote : c is '"' or '\'')
            {
                quote = quote == '\0' ? c : '\0';
                isWord = true;
            }
            else if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (isWord)
                {
                    words.Add(word.ToString());
                    word.Clear();
                    isWord = false;
                }
            }
            else
            {
                word.Append(c);
                isWord = true;
            }
        }

        if (isWord)
        {
            words.Add(word.ToString());
        }

        return words;
    }
}
