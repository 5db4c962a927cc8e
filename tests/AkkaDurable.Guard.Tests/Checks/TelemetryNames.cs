using System.Text.RegularExpressions;

namespace AkkaDurable.Guard.Tests.Checks;

/// <summary>The names under which the sources tell something: instruments, tags and spans.</summary>
internal static partial class TelemetryNames
{
    /// <summary>All that a source file names, as the page has it between backticks.</summary>
    public static IEnumerable<string> InCode(string code) =>
    [
        .. Literal().Matches(code).Select(match => match.Groups[1].Value),
        .. SpanOfType().Matches(code).Select(match => $"{match.Groups[1].Value} {{type}}"),
        .. SpanByWord().Matches(code).Select(match => $"{match.Groups[1].Value} {{type}}"),
        .. Command().Matches(code).Select(match => match.Groups[2].Value == "null" ? $"{match.Groups[1].Value} node" : $"{match.Groups[1].Value} {{type}}"),
    ];

    /// <summary>What makes meters and sources: their names, in code.</summary>
    public static IEnumerable<string> SourcesIn(string code) => Source().Matches(code).Select(match => match.Groups[1].Value);

    /// <summary>What a page has between backticks and is a name of ours.</summary>
    public static IEnumerable<string> OnPage(string page) =>
        Code().Matches(page).Select(match => match.Groups[1].Value).Where(name => name.StartsWith("akka_durable.", StringComparison.Ordinal) || PageSpan().IsMatch(name));

    /// <summary>A page's section, from its heading to the next of the same level.</summary>
    public static string Section(string page, string heading)
    {
        var from = page.IndexOf($"## {heading}\n", StringComparison.Ordinal);
        var to = from < 0 ? -1 : page.IndexOf("\n## ", from, StringComparison.Ordinal);
        return from < 0 ? "" : to < 0 ? page[from..] : page[from..to];
    }

    /// <summary>What either side has and the other has not.</summary>
    public static IEnumerable<string> Problems(IReadOnlySet<string> inCode, IReadOnlySet<string> onPage) =>
    [
        .. inCode.Except(onPage).Select(name => $"the page does not tell of {name}"),
        .. onPage.Except(inCode).Select(name => $"the page tells of {name}, which the code does not have"),
    ];

    [GeneratedRegex("\"((?:akka_durable|rpc|messaging)\\.[a-z_.]+|error\\.type)\"")]
    private static partial Regex Literal();

    [GeneratedRegex("\\$\"([a-z]+) \\{serverType\\}\"")]
    private static partial Regex SpanOfType();

    [GeneratedRegex("(?:Spans\\.Internal|NewTurn|BeginSaveSpan)\\(\"([a-z]+)\"")]
    private static partial Regex SpanByWord();

    [GeneratedRegex("PlacementSpans\\.Command\\(\"([a-z]+)\", (\\w+)")]
    private static partial Regex Command();

    [GeneratedRegex("(?:new (?:Meter|MeterOptions|ActivitySource)|(?:Meter|ActivitySource) \\w+ = new)\\(([^,)]+)")]
    private static partial Regex Source();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("^[a-z]+ (?:\\{type\\}|node)$")]
    private static partial Regex PageSpan();
}
