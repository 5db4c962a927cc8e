using AkkaDurable.Guard.Tests.Checks;

namespace AkkaDurable.Guard.Tests;

public sealed class ReadmeSnippetTests
{
    private const string Source = """
        namespace Shop;

            #region outer
            public sealed class Counter
            {
                #region inner
                public int Count { get; set; }
                #endregion

            }
            #endregion
        """;

    [Fact]
    public void Every_README_shows_compiled_code()
    {
        string[] readmes = ["README.md", .. new[] { "src", "examples", "tests", "benchmarks" }.SelectMany(folder => Repository.Files(folder, "README.md"))];

        Problems.AssertNone(readmes.SelectMany(readme => ReadmeSnippets.Problems(readme, Repository.Read(readme) ?? "", Repository.Read)));
    }

    [Fact]
    public void The_first_README_shows_code() =>
        Assert.NotEmpty(ReadmeSnippets.Blocks(Repository.Read("README.md") ?? ""));

    [Theory]
    [InlineData("outer", "public sealed class Counter\n{\n    public int Count { get; set; }\n\n}")]
    [InlineData("inner", "public int Count { get; set; }")]
    public void A_block_equal_to_its_region_passes_whatever_the_indentation(string region, string code)
    {
        Assert.Empty(Check($"<!-- snippet: a/Counter.cs#{region} -->\n```csharp\n{code}\n```"));
        Assert.Empty(Check($"- item\n\n  <!-- snippet: a/Counter.cs#{region} -->\n\n  ```csharp\n  {code.Replace("\n", "\n  ")}\n  ```"));
    }

    [Theory]
    [InlineData("```csharp\nvar x = 1;\n```", "README.md:1", "has no <!-- snippet")]
    [InlineData("text\n\n```cs\nvar x = 1;\n```", "README.md:3", "has no <!-- snippet")]
    [InlineData("~~~C#\nvar x = 1;\n~~~", "README.md:1", "has no <!-- snippet")]
    [InlineData("<!-- snippet: a/Counter.cs#inner -->\ntext\n```csharp\npublic int Count { get; set; }\n```", "README.md:3", "has no <!-- snippet")]
    [InlineData("<!-- snippet: a/Counter.cs#inner -->\n```csharp\npublic int Count { get; }\n```", "README.md:2", "line 1: README has 'public int Count { get; }', the region has 'public int Count { get; set; }'")]
    [InlineData("<!-- snippet: a/Counter.cs#inner -->\n```csharp\n```", "README.md:2", "README has nothing more")]
    [InlineData("<!-- snippet: a/Counter.cs#inner -->\n```csharp\npublic int Count { get; set; }\nmore\n```", "README.md:2", "the region has nothing more")]
    [InlineData("<!-- snippet: a/Counter.cs#none -->\n```csharp\n```", "README.md:2", "0 regions of that name")]
    [InlineData("<!-- snippet: a/Gone.cs#inner -->\n```csharp\n```", "README.md:2", "does not exist")]
    [InlineData("<!-- snippet: a/notes.md#inner -->\n```csharp\n```", "README.md:2", "is not path/to/File.cs#region")]
    public void A_block_without_its_region_is_told_with_file_and_line(string readme, string place, string reason)
    {
        var problem = Assert.Single(Check(readme));

        Assert.StartsWith(place + ": ", problem, StringComparison.Ordinal);
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_regions_of_one_name_are_ambiguous()
    {
        const string twice = "#region a\n1\n#endregion\n#region a\n1\n#endregion";

        var problems = ReadmeSnippets.Problems("README.md", "<!-- snippet: x.cs#a -->\n```csharp\n1\n```", _ => twice);

        Assert.Contains("2 regions", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_languages_and_a_fence_inside_a_fence_are_left_alone() =>
        Assert.Empty(Check("```sh\n./build.sh\n```\n````markdown\n```csharp\nvar x = 1;\n```\n````"));

    private static IEnumerable<string> Check(string readme) =>
        ReadmeSnippets.Problems("README.md", readme, path => path is "a/Counter.cs" or "a/notes.md" ? Source : null);
}
