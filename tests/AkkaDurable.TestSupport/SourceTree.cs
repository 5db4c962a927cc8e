namespace AkkaDurable.TestSupport;

/// <summary>Where the project's files are, seen from a test that runs. Not by the compiler's paths, which say nothing in a build for CI.</summary>
public static class SourceTree
{
    private static readonly Lazy<string> s_root = new(() =>
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AkkaDurable.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"AkkaDurable.sln is in no folder above {AppContext.BaseDirectory}.");
    });

    /// <summary>The top folder.</summary>
    public static string Root => s_root.Value;
}
