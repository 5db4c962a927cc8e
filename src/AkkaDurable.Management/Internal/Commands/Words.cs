namespace AkkaDurable.Management.Internal.Commands;

/// <summary>Words of a typed command.</summary>
internal static class Words
{
    /// <summary>A word as it can be typed again.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && !word.AsSpan().ContainsAny(" \t\"'") ? word : $"\"{word.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
