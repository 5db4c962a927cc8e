using System.Globalization;
using AkkaDurable.Benchmarks.Workloads;

namespace AkkaDurable.Benchmarks;

/// <summary>Prints results as they come, and the ratios at the end.</summary>
internal sealed class Report(TextWriter output)
{
    private const int NameWidth = 21;

    private readonly List<Result> _results = [];

    public IReadOnlyList<Result> Results => _results;

    /// <summary>Whether any contender failed calls, or its counters do not add up.</summary>
    public bool HasProblems { get; private set; }

    public void Say(string line) => output.WriteLine(line);

    public void Begin(string place)
    {
        output.WriteLine();
        output.WriteLine($"== {place}");
    }

    public void Add(Result result)
    {
        _results.Add(result);
        output.WriteLine();
        output.WriteLine($"{result.Workload}: {result.Title}");
        output.WriteLine(result.Own.Costs is null
            ? $"   {"",-NameWidth} {result.Unit,10}  {"min–max",-20} ratio"
            : $"   {"",-NameWidth} {result.Unit,10}  {"min–max",-20} {"p50",10} {"p99",10} {"CPU/call",11} {"heap/call",11}   ratio");
        Print(result.Own, "");
        foreach (var rival in result.Rivals)
        {
            Print(rival, Text($"{result.Ratio(rival):0.00}"));
        }
    }

    public void Check(Account account)
    {
        var verdict = account switch
        {
            { Unreadable: { } failure } => $"UNREADABLE: {failure.GetType().Name}: {failure.Message}",
            { Lost: > 0 } => Text($"{account.Lost:N0} LOST"),
            { Doubled: > 0 } => Text($"{account.Doubled:N0} TOO MANY"),
            _ => "right",
        };
        output.WriteLine(Text($"   {account.Contender,-NameWidth} {account.Acknowledged,12:N0} increments acknowledged, {account.Failed:N0} failed, the counters hold {account.Counted:N0}: {verdict}"));
        HasProblems |= !account.IsRight;
    }

    /// <summary>One line for each rival: how many times as much ours does (or, where less is better, needs).</summary>
    public void Ratios()
    {
        output.WriteLine();
        foreach (var result in _results)
        {
            foreach (var rival in result.Rivals)
            {
                output.WriteLine(Text($"ratio {result.Workload} {result.Own.Contender}/{rival.Contender} {result.Ratio(rival):0.00}"));
            }

            // With one call under way latency is what matters; less is better.
            foreach (var rival in result.Rivals.Where(_ => result.Workload.EndsWith("x1", StringComparison.Ordinal)))
            {
                output.WriteLine(Text($"ratio {result.Workload}-p50 {result.Own.Contender}/{rival.Contender} {result.Own.Costs!.Median / rival.Costs!.Median:0.00}"));
            }
        }
    }

    private void Print(Score score, string ratio)
    {
        var range = Text($"[{score.Lowest:N0}–{score.Highest:N0}]");
        var costs = score.Costs is { } call
            ? Text($"{Durations.Text(call.Median),10} {Durations.Text(call.NinetyNinth),10} {call.CpuMicroseconds,8:0.0} µs {call.Bytes,9:N0} B   ")
            : "";
        output.WriteLine(Text($"   {score.Contender,-NameWidth} {score.Median,10:N0}  {range,-20} {costs}{ratio}"));
        if (score.Failures > 0)
        {
            HasProblems = true;
            output.WriteLine(Text($"      {score.Failures:N0} calls FAILED; the first: {score.FirstFailure!.GetType().Name}: {score.FirstFailure.Message}"));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
