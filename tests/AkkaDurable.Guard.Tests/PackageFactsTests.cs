using AkkaDurable.Guard.Tests.Checks;

namespace AkkaDurable.Guard.Tests;

public sealed class PackageFactsTests
{
    [Fact]
    public void Every_package_says_what_it_is() =>
        Problems.AssertNone(Repository.Files("src", "*.csproj").Select(path => PackageFacts.Problem(path, Repository.Read(path)!)));

    [Fact]
    public void A_described_project_passes() =>
        Assert.Null(PackageFacts.Problem("a.csproj", "<Project><PropertyGroup><Description>Durable servers.</Description></PropertyGroup></Project>"));

    [Theory]
    [InlineData("<Project />")]
    [InlineData("<Project><PropertyGroup><Description> </Description></PropertyGroup></Project>")]
    public void A_project_without_a_description_is_told(string csproj) =>
        Assert.StartsWith("a.csproj has no <Description>", PackageFacts.Problem("a.csproj", csproj), StringComparison.Ordinal);
}
