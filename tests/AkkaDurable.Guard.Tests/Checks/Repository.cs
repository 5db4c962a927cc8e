namespace AkkaDurable.Guard.Tests.Checks;

/// <summary>The checkout that the guards look at.</summary>
internal static class Repository
{
    private static readonly string[] BuildOutput = ["artifacts", "bin", "obj"];

    private static readonly Lazy<string> Found = new(() => FindRoot(AppContext.BaseDirectory));

    public static string Root => Found.Value;

    public static string FindRoot(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AkkaDurable.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {start} holds AkkaDurable.sln.");
    }

    /// <summary>Files below one folder of the checkout, as paths from the root with forward slashes, without build output.</summary>
    public static IReadOnlyList<string> Files(string folder, string pattern)
    {
        var absolute = Path.Combine(Root, folder);
        return !Directory.Exists(absolute)
            ? []
            : [.. Directory.EnumerateFiles(absolute, pattern, SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
                .Where(file => !file.Split('/').Any(part => BuildOutput.Contains(part)))
                .Order(StringComparer.Ordinal)];
    }

    /// <summary>The text of a file given by its path from the root; null when there is none.</summary>
    public static string? Read(string path)
    {
        var absolute = Path.Combine(Root, path);
        return File.Exists(absolute) ? File.ReadAllText(absolute) : null;
    }

    public static string[] Lines(string text) => text.ReplaceLineEndings("\n").Split('\n');
}
