using AkkaDurable.Guard.Tests.Checks;

namespace AkkaDurable.Guard.Tests;

public sealed class TelemetryTests
{
    private const string Page = "src/AkkaDurable/README.md";

    private static string Telemetry => TelemetryNames.Section(Repository.Read(Page)!.ReplaceLineEndings("\n"), "Telemetry");

    [Fact]
    public void The_page_tells_of_all_instruments_tags_and_spans_and_of_no_others()
    {
        var inCode = Sources().SelectMany(TelemetryNames.InCode).ToHashSet();
        string[] foreign = ["rpc.", "messaging.", "error."];
        var onPage = TelemetryNames.OnPage(Telemetry).Concat(inCode.Where(name => foreign.Any(start => name.StartsWith(start, StringComparison.Ordinal)) && Telemetry.Contains($"`{name}`", StringComparison.Ordinal))).ToHashSet();

        Assert.True(inCode.Count > 40, $"Only {inCode.Count} names were found in the code.");
        Problems.AssertNone(TelemetryNames.Problems(inCode, onPage));
    }

    [Fact]
    public void There_is_one_name_for_all_meters_and_sources()
    {
        string[] known = ["\"AkkaDurable\"", "MeterName", "DurableTelemetry.ActivitySourceName"];
        var names = Sources().SelectMany(TelemetryNames.SourcesIn).ToHashSet();

        Assert.Contains("DurableTelemetry.ActivitySourceName", names);
        Assert.Empty(names.Except(known));
        Assert.Contains("both named `AkkaDurable`", Telemetry, StringComparison.Ordinal);
        Assert.Contains("MeterName = \"AkkaDurable\"", Repository.Read("src/AkkaDurable/DurableTelemetry.cs"), StringComparison.Ordinal);
        Assert.Contains("ActivitySourceName = \"AkkaDurable\"", Repository.Read("src/AkkaDurable/DurableTelemetry.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_found_in_code()
    {
        const string Code = """
            s_meter.CreateCounter<long>("akka_durable.x.y", "{z}", "akka_durable is text"); span.SetTag("rpc.system", System); const string E = "error.type";
            Start($"send {serverType}", kind); Spans.Internal("init", null); NewTurn("terminate", o); BeginSaveSpan("save", 1); PlacementSpans.Command("rehome", typeName, shard); PlacementSpans.Command("drain", null, null);
            """;

        Assert.Equal(
            ["akka_durable.x.y", "drain node", "error.type", "init {type}", "rehome {type}", "rpc.system", "save {type}", "send {type}", "terminate {type}"],
            TelemetryNames.InCode(Code).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_name_that_either_side_lacks_is_told() => Assert.Equal(
        ["the page does not tell of a", "the page tells of c, which the code does not have"],
        TelemetryNames.Problems(new HashSet<string> { "a", "b" }, new HashSet<string> { "b", "c" }));

    [Theory]
    [InlineData("# A\n\n## Telemetry\nx\n\n## B\ny", "## Telemetry\nx\n")]
    [InlineData("# A\n\n## Telemetry\nx", "## Telemetry\nx")]
    [InlineData("# A\n", "")]
    public void A_section_ends_where_the_next_begins(string page, string section) => Assert.Equal(section, TelemetryNames.Section(page, "Telemetry"));

    private static IEnumerable<string> Sources() => Repository.Files("src", "*.cs").Select(file => Repository.Read(file)!);
}
