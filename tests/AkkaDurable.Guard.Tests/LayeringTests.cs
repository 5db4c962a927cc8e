using AkkaDurable.Guard.Tests.Checks;

namespace AkkaDurable.Guard.Tests;

public sealed class LayeringTests
{
    [Fact]
    public void Projects_refer_only_to_what_the_design_allows()
    {
        var projects = Repository.Files("src", "*.csproj");

        Assert.NotEmpty(projects);
        Problems.AssertNone(projects.SelectMany(path => ProjectGraph.Problems(path, Repository.Read(path)!)));
    }

    [Theory]
    [InlineData("AkkaDurable.Hosting", "../AkkaDurable/AkkaDurable.csproj;../AkkaDurable.Sql/AkkaDurable.Sql.csproj")]
    [InlineData("AkkaDurable.Sql", @"..\AkkaDurable\AkkaDurable.csproj")]
    [InlineData("AkkaDurable.Journal", "../AkkaDurable/AkkaDurable.csproj;../AkkaDurable.Hosting/AkkaDurable.Hosting.csproj")]
    [InlineData("AkkaDurable.MemoryPack", "../AkkaDurable/AkkaDurable.csproj")]
    [InlineData("AkkaDurable.TestKit", "../AkkaDurable.Hosting/AkkaDurable.Hosting.csproj")]
    [InlineData("AkkaDurable.Hosting", "../AkkaDurable.Supervision/AkkaDurable.Supervision.csproj")]
    [InlineData("AkkaDurable.Placement", "")]
    [InlineData("AkkaDurable.Supervision", "")]
    public void An_allowed_reference_passes(string name, string references) =>
        Assert.Empty(ProjectGraph.Problems($"src/{name}/{name}.csproj", Project("ProjectReference", references)));

    [Theory]
    [InlineData("AkkaDurable.Placement", "../AkkaDurable/AkkaDurable.csproj")]
    [InlineData("AkkaDurable", @"..\AkkaDurable.Sql\AkkaDurable.Sql.csproj")]
    [InlineData("AkkaDurable.Sql", "../AkkaDurable.Placement/AkkaDurable.Placement.csproj")]
    [InlineData("AkkaDurable.Journal", "../AkkaDurable.Sql/AkkaDurable.Sql.csproj")]
    [InlineData("AkkaDurable.Hosting", "../AkkaDurable.Journal/AkkaDurable.Journal.csproj")]
    [InlineData("AkkaDurable.Supervision", "../AkkaDurable/AkkaDurable.csproj")]
    [InlineData("AkkaDurable", "../AkkaDurable.Supervision/AkkaDurable.Supervision.csproj")]
    [InlineData("AkkaDurable.MemoryPack", "../AkkaDurable.Hosting/AkkaDurable.Hosting.csproj")]
    [InlineData("AkkaDurable", "../AkkaDurable.MemoryPack/AkkaDurable.MemoryPack.csproj")]
    [InlineData("AkkaDurable.Cli", "../AkkaDurable/AkkaDurable.csproj")]
    [InlineData("AkkaDurable.Hosting", "../../tests/AkkaDurable.TestSupport/AkkaDurable.TestSupport.csproj")]
    public void A_reference_the_design_does_not_list_is_told(string name, string reference) =>
        Assert.Contains("must not refer to", Assert.Single(ProjectGraph.Problems($"src/{name}/{name}.csproj", Project("ProjectReference", reference))), StringComparison.Ordinal);

    [Theory]
    [InlineData("AkkaDurable.Cli", "Akka.Cluster")]
    [InlineData("AkkaDurable.Journal", "Akka.Persistence.Sql")]
    [InlineData("AkkaDurable", "MemoryPack")]
    [InlineData("AkkaDurable.TestKit", "xunit.assert")]
    [InlineData("AkkaDurable.Supervision", "Akka.Cluster.Sharding")]
    [InlineData("AkkaDurable.Supervision", "Akka.Remote")]
    [InlineData("AkkaDurable.Supervision", "Akka.Hosting")]
    public void A_package_that_a_layer_lives_without_is_told(string name, string package) =>
        Assert.Contains(package, Assert.Single(ProjectGraph.Problems($"src/{name}/{name}.csproj", Project("PackageReference", package))), StringComparison.Ordinal);

    [Fact]
    public void A_project_that_the_design_does_not_know_is_told() =>
        Assert.Contains("no project AkkaDurable.Core", Assert.Single(ProjectGraph.Problems("src/AkkaDurable.Core/AkkaDurable.Core.csproj", Project("ProjectReference", ""))), StringComparison.Ordinal);

    private static string Project(string element, string include) =>
        $"""<Project Sdk="Microsoft.NET.Sdk"><ItemGroup><{element} Include="{include}" /></ItemGroup></Project>""";
}
