using System.Globalization;
using System.Runtime.InteropServices;
using AkkaDurable.Benchmarks.Scenarios;

namespace AkkaDurable.Benchmarks;

/// <summary>Prints results as they come, and all of them as one Markdown table at the end.</summary>
internal sealed class Report(TextWriter output)
{
    private const int NameWidth = 34;

    private readonly List<Versus> _results = [];

    /// <summary>Whether any contender failed calls or lost an acknowledged increment.</summary>
    public bool HasProblems { get; private set; }

    public void Machine() => output.WriteLine(
        $"{DateTime.UtcNow:yyyy-MM-dd}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, .NET {Environment.Version}, Akka {VersionOf<Akka.Actor.ActorSystem>()}, "
        + $"Akka.Cluster.Sharding {VersionOf<Akka.Cluster.Sharding.ClusterSharding>()}, Akka.Persistence.Sql {VersionOf<Akka.Persistence.Sql.SqlPersistence>()}{Load()}");

    public void Say(string line) => output.WriteLine(line);

    public void Begin(string database)
    {
        output.WriteLine();
        output.WriteLine($"== {database}");
        output.WriteLine($"   {"",-NameWidth} {"calls/s",10}  {"min–max",-20} {"p50",10} {"p99",10} {"CPU/call",10} {"heap/call",10}   ratio");
    }

    public void Add(Versus result)
    {
        _results.Add(result);
        output.WriteLine(result.Title);
        Print(result.Rival, "");
        Print(result.Own, Ratio(result.Ratio));
    }

    public void Check(string contender, long acknowledged, long counted)
    {
        var lost = acknowledged - counted;
        output.WriteLine(Text($"   {contender}: {acknowledged:N0} increments acknowledged, the counters hold {counted:N0}{(lost > 0 ? $": {lost:N0} LOST" : "")}"));
        HasProblems |= lost > 0;
    }

    /// <summary>Prints all results as they stand in benchmarks/README.md.</summary>
    public void Summary()
    {
        output.WriteLine();
        output.WriteLine("| database | load | hand-written: calls/s, p50 | AkkaDurable: calls/s, p50 | ratio |");
        output.WriteLine("|---|---|---|---|---|");
        foreach (var result in _results)
        {
            output.WriteLine($"| {result.Database.Split(',')[0]} | {result.Title} | {Cell(result.Rival)} | {Cell(result.Own)} | **{Ratio(result.Ratio)}** |");
        }
    }

    private void Print(Versus.Contender contender, string ratio)
    {
        var range = Text($"[{contender.LowestRate:N0}–{contender.HighestRate:N0}]");
        output.WriteLine(Text(
            $"   {contender.Name,-NameWidth} {contender.MedianRate,10:N0}  {range,-20} {Duration(contender.Median),10} {Duration(contender.NinetyNinth),10} {contender.CpuMicrosecondsPerCall,7:0.0} µs {contender.BytesPerCall,8:N0} B   {ratio}"));
        if (contender.Failures > 0)
        {
            HasProblems = true;
            output.WriteLine(Text($"      {contender.Failures:N0} calls FAILED; the first: {contender.FirstFailure!.GetType().Name}: {contender.FirstFailure.Message}"));
        }
    }

    private static string Cell(Versus.Contender contender) => Text($"{contender.MedianRate:N0} [{contender.LowestRate:N0}–{contender.HighestRate:N0}], {Duration(contender.Median)}");

    private static string Ratio(double ratio) => Text($"{ratio:0.0} ×");

    private static string Duration(TimeSpan time) => time.TotalMilliseconds < 0.1 ? Text($"{time.TotalMicroseconds:0.0} µs") : Text($"{time.TotalMilliseconds:0.00} ms");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    // Others at work on the same machine make every figure smaller and less sure, and should show in what is printed.
    private static string Load() => File.Exists("/proc/loadavg") ? $", load average {File.ReadAllText("/proc/loadavg").Split(' ')[0]}" : "";

    private static string VersionOf<T>() => typeof(T).Assembly.GetName().Version!.ToString(3);
}
