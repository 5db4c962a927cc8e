using System.Globalization;
using System.Text;
using AkkaDurable.Benchmarks.Workloads;

namespace AkkaDurable.Benchmarks;

/// <summary>The table in benchmarks/README.md, between two markers.</summary>
internal static class Results
{
    private const string Begin = "<!-- results: written by ./build.sh bench full -->";
    private const string End = "<!-- end of results -->";
    private const string Project = "AkkaDurable.Benchmarks.csproj";

    /// <returns>The file that was written.</returns>
    /// <exception cref="InvalidOperationException">The file or its markers are not where they should be.</exception>
    public static string Write(IReadOnlyList<Result> results, BenchOptions options, TimeSpan took)
    {
        var file = Path.Combine(ProjectFolder(), "..", "README.md");
        var text = File.ReadAllText(file);
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (from < 0 || to < from)
        {
            throw new InvalidOperationException($"{file} has no place for results: '{Begin}', then '{End}'.");
        }

        File.WriteAllText(file, text[..(from + Begin.Length)] + "\n" + Table(results, options, took) + text[to..]);
        return Path.GetFullPath(file);
    }

    private static string Table(IReadOnlyList<Result> results, BenchOptions options, TimeSpan took)
    {
        var table = new StringBuilder();
        table.AppendLine($"{Machine.Description}; {took.TotalMinutes:0} minutes. {Machine.Versions}.");
        table.AppendLine($"Command: `./build.sh bench {options.CommandLine}`: {options.Rounds} rounds of {options.Round.TotalSeconds:0.#} s for each contender, by turns, after {options.WarmUp.TotalSeconds:0.#} s of warm-up.");
        foreach (var place in results.GroupBy(result => result.Database))
        {
            table.AppendLine().AppendLine($"### {place.Key}");
            foreach (var result in place)
            {
                Append(table, result);
            }
        }

        return table.Replace("\r\n", "\n").ToString();
    }

    private static void Append(StringBuilder table, Result result)
    {
        var isTimed = result.Own.Costs is not null;
        table.AppendLine().AppendLine($"**`{result.Workload}`**: {result.Title}").AppendLine();
        table.AppendLine($"| | {result.Unit} | min–max |{(isTimed ? " p50 | p99 | CPU/call | heap/call |" : "")} {result.Own.Contender} / this |");
        table.AppendLine($"|---|--:|--:|{(isTimed ? "--:|--:|--:|--:|" : "")}--:|");
        foreach (var score in result.Scores)
        {
            var costs = score.Costs is { } call ? Text($" {Durations.Text(call.Median)} | {Durations.Text(call.NinetyNinth)} | {call.CpuMicroseconds:0.0} µs | {call.Bytes:N0} B |") : "";
            var ratio = ReferenceEquals(score, result.Own) ? "" : Text($"**{result.Ratio(score):0.00}**");
            table.AppendLine(Text($"| {score.Contender} | {score.Median:N0} | {score.Lowest:N0}–{score.Highest:N0} |{costs} {ratio} |"));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    // The program lies in the folder of build products, somewhere below the sources.
    private static string ProjectFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var project = Path.Combine(folder.FullName, "benchmarks", Path.GetFileNameWithoutExtension(Project));
            if (File.Exists(Path.Combine(project, Project)))
            {
                return project;
            }
        }

        throw new InvalidOperationException($"{Project} is not above {AppContext.BaseDirectory}.");
    }
}
