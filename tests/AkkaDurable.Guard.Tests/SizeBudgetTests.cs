using AkkaDurable.Guard.Tests.Checks;

namespace AkkaDurable.Guard.Tests;

public sealed class SizeBudgetTests
{
    [Theory]
    [InlineData("src", 400)]
    [InlineData("tests", 600)]
    public void No_file_outgrows_its_budget(string folder, int limit)
    {
        var files = Repository.Files(folder, "*.cs");

        Assert.NotEmpty(files);
        Problems.AssertNone(files.Select(path => SizeBudget.Problem(path, Repository.Read(path)!, limit)));
    }

    [Theory]
    [InlineData("1\n2\n3\n")]
    [InlineData("1\r\n2\r\n3")]
    [InlineData("")]
    public void A_file_within_the_limit_passes(string text) => Assert.Null(SizeBudget.Problem("a.cs", text, limit: 3));

    [Theory]
    [InlineData("1\n2\n3\n4\n")]
    [InlineData("1\n2\n3\n4")]
    public void A_file_over_the_limit_is_told(string text) =>
        Assert.Equal("a.cs has 4 lines; the limit is 3", SizeBudget.Problem("a.cs", text, limit: 3));
}
