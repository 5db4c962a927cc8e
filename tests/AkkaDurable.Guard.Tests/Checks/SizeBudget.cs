namespace AkkaDurable.Guard.Tests.Checks;

/// <summary>Files stay short enough to be read in one go.</summary>
internal static class SizeBudget
{
    public static string? Problem(string path, string text, int limit)
    {
        var lines = Repository.Lines(text);
        var count = lines[^1].Length == 0 ? lines.Length - 1 : lines.Length;
        return count > limit ? $"{path} has {count} lines; the limit is {limit}" : null;
    }
}
