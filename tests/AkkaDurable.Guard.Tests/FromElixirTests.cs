using AkkaDurable.Guard.Tests.Checks;

namespace AkkaDurable.Guard.Tests;

public sealed class FromElixirTests
{
    private const string Page = "src/AkkaDurable/FROM-ELIXIR.md";

    private static readonly string[] Api =
    [
        "#nullable enable",
        "AkkaDurable.StopReason",
        "static AkkaDurable.StopReason.Normal.get -> AkkaDurable.StopReason!",
        "AkkaDurable.ServerStatus.Running = 0 -> AkkaDurable.ServerStatus",
        "const AkkaDurable.Placement.PlacementRecord.MaxEntries = 5 -> int",
        "static AkkaDurable.DurableServer<TState>.Ok(TState state) -> AkkaDurable.DurableServer<TState>.InitResult",
        "AkkaDurable.DurableServer<TState>.InitResult.Permanent(bool isPermanent = true) -> AkkaDurable.DurableServer<TState>.InitResult",
        "AkkaDurable.IDurableServers<TServer>.CountAsync(AkkaDurable.ServerFilter? filter = null) -> System.Threading.Tasks.Task<System.Collections.Generic.IReadOnlyDictionary<AkkaDurable.ServerStatus, long>!>!",
    ];

    private static readonly Lazy<PublicNames> Real = new(() => new PublicNames(
        Repository.Files("src", "PublicAPI.*.txt").SelectMany(file => Repository.Lines(Repository.Read(file)!)), others: ["AddAkka"]));

    [Fact]
    public void Every_member_that_the_page_names_exists() => Problems.AssertNone(Real.Value.Problems(Page, Repository.Read(Page)!));

    [Theory]
    [InlineData("ServerStatus")]
    [InlineData("StopReason")]
    [InlineData("LifecycleEventKind")]
    [InlineData("StartOutcome")]
    public void The_page_has_every_value_of(string type)
    {
        string[] notValues = ["Exception", "Name", "ToString", "Equals", "GetHashCode", "Deconstruct", "operator ==", "operator !="];
        var values = Real.Value.MembersOf(type).Where(name => char.IsUpper(name[0]) && name != type && !notValues.Contains(name)).ToList();
        var page = Repository.Lines(Repository.Read(Page)!).SelectMany(PublicNames.CodeIn).ToHashSet();

        Assert.NotEmpty(values);
        Problems.AssertNone(values.Where(value => !page.Contains($"{type}.{value}")).Select(value => $"{Page} does not tell of {type}.{value}"));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("src/AkkaDurable/README.md")]
    public void The_page_is_linked(string readme) => Assert.Contains("FROM-ELIXIR.md", Repository.Read(readme), StringComparison.Ordinal);

    [Theory]
    [InlineData("`StopReason.Normal`, `.Permanent()`, `InitResult.Permanent`, `Ok(state).Permanent()` and `IDurableServers<TServer>`")]
    [InlineData("| `GenServer.call`, `Nobody.Knows` | `ServerStatus.Running`, `PlacementRecord.MaxEntries` | plain Nonsense |")]
    [InlineData("`counters[key]`, `handle_call/3`, `AddAkka`")]
    public void What_there_is_passes(string line) => Assert.Empty(Check(line));

    [Theory]
    [InlineData("text\n`StopReason.Sudden`", "page.md:2", "there is no public Sudden")]
    [InlineData("`StopReason.CountAsync`", "page.md:1", "StopReason has no CountAsync")]
    [InlineData("| `:normal` | stops with `Nonsense(state)` |", "page.md:1", "there is no public Nonsense")]
    [InlineData("| | | `InitResult.Ok` |", "page.md:1", "InitResult has no Ok")]
    public void A_name_that_is_none_is_told_with_its_line(string text, string place, string reason)
    {
        var problem = Assert.Single(Check(text));

        Assert.StartsWith(place + ": ", problem, StringComparison.Ordinal);
        Assert.EndsWith(reason, problem, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Check(string text) => new PublicNames(Api, "AddAkka").Problems("page.md", text);
}
