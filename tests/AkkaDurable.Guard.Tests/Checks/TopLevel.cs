namespace AkkaDurable.Guard.Tests.Checks;

/// <summary>The first thing a newcomer sees holds the product and nothing else: no plans, notes or stray output.</summary>
internal static class TopLevel
{
    private static readonly string[] Required =
    [
        "src", "tests", "examples", "benchmarks", "build.ps1", "build.sh", "AkkaDurable.sln", "README.md", "LICENSE", "CHANGELOG.md",
        "global.json", "Directory.Build.props", "Directory.Packages.props",
    ];

    private static readonly string[] Allowed = ["Directory.Build.targets", "artifacts"];

    public static IEnumerable<string> Problems(IEnumerable<string> entries)
    {
        var seen = entries.Where(entry => !entry.StartsWith('.')).ToHashSet();
        return Required.Where(entry => !seen.Contains(entry)).Select(entry => $"{entry} is missing")
            .Concat(seen.Except(Required).Except(Allowed).Order(StringComparer.Ordinal).Select(entry => $"{entry} does not belong at the top level"));
    }
}
