using AkkaDurable.Guard.Tests.Checks;

namespace AkkaDurable.Guard.Tests;

public sealed class TopLevelTests
{
    private static readonly string[] House =
    [
        ".git", ".ci", ".editorconfig", "src", "tests", "examples", "benchmarks", "build.ps1", "build.sh", "AkkaDurable.sln", "README.md", "LICENSE",
        "CHANGELOG.md", "global.json", "Directory.Build.props", "Directory.Packages.props",
    ];

    [Fact]
    public void The_top_level_holds_the_house_and_nothing_else() =>
        Problems.AssertNone(TopLevel.Problems(Directory.EnumerateFileSystemEntries(Repository.Root).Select(entry => Path.GetFileName(entry))));

    [Fact]
    public void The_house_passes_with_and_without_build_output()
    {
        Assert.Empty(TopLevel.Problems(House));
        Assert.Empty(TopLevel.Problems([.. House, "artifacts", "Directory.Build.targets"]));
    }

    [Fact]
    public void A_missing_entry_and_a_stray_one_are_told() =>
        Assert.Equal(
            ["LICENSE is missing", "PLAN.md does not belong at the top level", "counter.db does not belong at the top level"],
            TopLevel.Problems([.. House.Where(entry => entry != "LICENSE"), "counter.db", "PLAN.md"]));

    [Fact]
    public void A_checkout_without_the_solution_is_told()
    {
        var empty = Directory.CreateTempSubdirectory("guard");
        try
        {
            Assert.Contains("AkkaDurable.sln", Assert.Throws<InvalidOperationException>(() => Repository.FindRoot(empty.FullName)).Message, StringComparison.Ordinal);
        }
        finally
        {
            empty.Delete();
        }
    }
}
