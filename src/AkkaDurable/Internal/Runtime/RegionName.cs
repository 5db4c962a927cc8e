namespace AkkaDurable.Internal.Runtime;

/// <summary>What a region may be called: it is part of shards' names, of cluster roles and of configuration keys.</summary>
internal static class RegionName
{
    public const int MaxLength = 32;

    /// <summary>Between the region and the number in a shard's name.</summary>
    public const string Separator = "~";

    /// <returns>What is wrong with a name; null: nothing.</returns>
    public static string? Violation(string name) =>
        name.Length == 0 ? "it is empty"
        : name.Length > MaxLength ? $"it has {name.Length} characters, and a region's name has 1 to {MaxLength}"
        : name.Any(static c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-') ? "a region's name has lower-case ASCII letters, digits and '-' only"
        : null;
}
