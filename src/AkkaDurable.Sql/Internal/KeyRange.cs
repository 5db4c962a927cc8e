using System.Text;

namespace AkkaDurable.Sql.Internal;

/// <summary>Turns "starts with" into a range of keys, which an index can serve and in which no character is special.</summary>
internal static class KeyRange
{
    private const int LastRune = 0x10FFFF;

    /// <summary>The least text above all texts that start with <paramref name="prefix"/>, in the order of code points; <see langword="null"/> when there is none.</summary>
    public static string? After(string prefix)
    {
        var runes = prefix.EnumerateRunes().ToList();
        while (runes.Count > 0 && runes[^1].Value == LastRune)
        {
            runes.RemoveAt(runes.Count - 1);
        }

        if (runes.Count == 0)
        {
            return null;
        }

        // U+D800 to U+DFFF are no characters.
        var next = runes[^1].Value == 0xD7FF ? 0xE000 : runes[^1].Value + 1;
        runes[^1] = new Rune(next);
        return string.Concat(runes);
    }
}
