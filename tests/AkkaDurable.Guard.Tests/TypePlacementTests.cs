using AkkaDurable.Guard.Tests.Checks;

namespace AkkaDurable.Guard.Tests;

public sealed class TypePlacementTests
{
    [Fact]
    public void Public_types_lie_outside_Internal_one_a_file_and_everything_else_inside()
    {
        var types = Repository.Files("src", "*.cs").SelectMany(path => DeclaredType.In(path, Repository.Read(path)!)).ToArray();

        Assert.NotEmpty(types);
        Problems.AssertNone(TypePlacement.Problems(types));
    }

    [Theory]
    [InlineData("src/P/Counter.cs", "namespace P; public class Counter<T> { private sealed class Nested; public class Result; }")]
    [InlineData("src/P/Groups/Counter.cs", "namespace P.Groups { public record struct Counter(int X); }")]
    [InlineData("src/P/Counter.Results.cs", "namespace P; public partial class Counter<T>;")]
    [InlineData("src/P/Counter.cs", "namespace P; public delegate void Counter<T>(T x); file static class Local;")]
    [InlineData("src/P/CounterExtensions.cs", "namespace Akka.Hosting; public static class CounterExtensions { extension(string s) { public int L => s.Length; } }")]
    [InlineData("src/P/Internal/Wire/Loop.cs", "namespace P.Internal.Wire; internal sealed class Loop { public class Nested; } internal enum Step { A } file class Third;")]
    public void A_type_in_its_place_passes(string path, string source) => Assert.Empty(Check((path, source)));

    [Theory]
    [InlineData("src/P/Internal/Loop.cs", "namespace P.Internal; public class Loop;", "is public and lies under Internal/")]
    [InlineData("src/P/Internal/Loop.cs", "namespace P; class Loop;", "not in a namespace with .Internal")]
    [InlineData("src/P/Loop.cs", "namespace P.Internal; public class Loop;", "does not lie under Internal/")]
    [InlineData("src/P/Loop.cs", "namespace P; internal sealed class Loop;", "is not public and lies outside Internal/")]
    [InlineData("src/P/Loop.cs", "namespace P; sealed class Loop;", "is not public and lies outside Internal/")]
    [InlineData("src/P/Loop.cs", "public class Loop;", "has no namespace")]
    [InlineData("src/P/Loop.cs", "namespace Akka.Cluster; public class Loop;", "namespace of Akka's own")]
    [InlineData("src/P/Loop.cs", "namespace P; public class Other;", "belongs in Other.cs or Other.Something.cs")]
    [InlineData("src/P/Loops.cs", "namespace P; public class Loop;", "belongs in Loop.cs")]
    [InlineData("src/P/Loop.cs", "namespace P; public class Loop; public class Loop<T>;", "declares 2 public types")]
    [InlineData("src/P/Loop.Kind.cs", "namespace P; public partial class Loop; namespace Q { public enum Loop { A } }", "declares 2 public types")]
    public void A_type_out_of_place_is_told_with_its_file(string path, string source, string reason)
    {
        var problem = Assert.Single(Check((path, source)));

        Assert.StartsWith(path, problem, StringComparison.Ordinal);
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_of_a_public_type_is_public_without_saying_so()
    {
        Assert.Empty(Check(
            ("src/P/Loop.cs", "namespace P; public partial class Loop;"),
            ("src/P/Loop.Log.cs", "namespace P; partial class Loop;")));
        Assert.Contains("src/P/Internal/Loop.Log.cs", Assert.Single(Check(
            ("src/P/Internal/Loop.cs", "namespace P.Internal; public partial class Loop;"),
            ("src/P/Internal/Loop.Log.cs", "namespace P.Internal; partial class Loop;")), problem => problem.Contains("Log", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_in_another_project_is_another_type() =>
        Assert.Single(Check(("src/P/Loop.cs", "namespace P; public class Loop;"), ("src/Q/Loop.cs", "namespace P; class Loop;")));

    private static string[] Check(params (string Path, string Source)[] files) =>
        [.. TypePlacement.Problems([.. files.SelectMany(file => DeclaredType.In(file.Path, file.Source))])];
}
