using System.Diagnostics;
using Akka.Actor;
using AkkaDurable.Benchmarks.Trees;

namespace AkkaDurable.Benchmarks.Workloads;

/// <summary>What supervision trees cost over plain Akka parents and children: time and memory, less is better.</summary>
internal sealed class SupervisionSuite : ISuite
{
    private const string Place = "supervision trees";
    private const int TreeSize = 10_000;
    private const int Comers = 100_000;
    private const int Pings = 2_000;

    public IEnumerable<(string Name, bool IsQuick)> Workloads => [("supervision-restart", true), ("supervision-dynamic", false), ("supervision-overhead", true)];

    public async Task RunAsync(BenchOptions options, Report report)
    {
        report.Begin(Place + "; less is better");
        if (options.Wants("supervision-restart", isQuick: true))
        {
            await RestartAsync(options, report);
        }

        if (options.Wants("supervision-dynamic", isQuick: false))
        {
            await DynamicAsync(options, report);
        }

        if (options.Wants("supervision-overhead", isQuick: true))
        {
            await OverheadAsync(options, report);
        }
    }

    /// <summary>From the message that makes one child of 10,000 throw until it has started again; another one each time.</summary>
    private static async Task RestartAsync(BenchOptions options, Report report)
    {
        await using var ours = new SupervisedChildren(isDynamic: false);
        await using var plain = new PlainChildren(isDynamic: false);
        ITreeContender[] contenders = [ours, plain];
        foreach (var contender in contenders)
        {
            await contender.FillAsync(TreeSize);
            await MedianRestartAsync(contender);
        }

        var values = await ByTurnsAsync(contenders, options.Rounds, MedianRestartAsync);
        report.Add(new Result("supervision-restart", $"median time to restart one child of {TreeSize:N0}", Place, values) { Unit = "µs" });
    }

    private static async Task<double> MedianRestartAsync(ITreeContender contender)
    {
        var times = new double[500];
        for (var i = 0; i < times.Length; i++)
        {
            var from = Stopwatch.GetTimestamp();
            await contender.RestartAsync((i * 7919) % TreeSize);
            times[i] = Stopwatch.GetElapsedTime(from).TotalMicroseconds;
        }

        return Score.MedianOf(times);
    }

    /// <summary>100,000 children started and stopped again, all asked for at once.</summary>
    private static async Task DynamicAsync(BenchOptions options, Report report)
    {
        await using var ours = new SupervisedChildren(isDynamic: true);
        await using var plain = new PlainChildren(isDynamic: true);
        ITreeContender[] contenders = [ours, plain];
        var (starts, stops, kept, left) = (NewTable(), NewTable(), NewTable(), NewTable());
        foreach (var contender in contenders)
        {
            await contender.FillAsync(Comers / 10);
            await contender.EmptyAsync();
        }

        for (var round = 0; round < options.Rounds; round++)
        {
            for (var i = 0; i < contenders.Length; i++)
            {
                var before = GC.GetTotalMemory(forceFullCollection: true);
                var from = Stopwatch.GetTimestamp();
                await contenders[i].FillAsync(Comers);
                starts[i].Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
                kept[i].Add((double)(GC.GetTotalMemory(forceFullCollection: true) - before) / Comers);
                from = Stopwatch.GetTimestamp();
                await contenders[i].EmptyAsync();
                stops[i].Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
                left[i].Add((double)(GC.GetTotalMemory(forceFullCollection: true) - before) / Comers);
            }
        }

        Add("start", $"{Comers:N0} children started", "ms", starts);
        Add("stop", $"{Comers:N0} children stopped", "ms", stops);
        Add("memory", $"heap of {Comers:N0} children, each", "bytes", kept);
        report.Say($"   left behind after the stop, bytes a child: {string.Join(", ", contenders.Select((contender, i) => $"{contender.Name} {Score.MedianOf(left[i]):0.0}"))}");

        void Add(string name, string title, string unit, List<double>[] table) =>
            report.Add(new Result($"supervision-dynamic-{name}", title, Place, [.. contenders.Select((contender, i) => new Score(contender.Name, table[i]))]) { Unit = unit });

        List<double>[] NewTable() => [.. contenders.Select(_ => new List<double>())];
    }

    /// <summary>A message to a child and its answer. The supervisor has no part in it.</summary>
    private static async Task OverheadAsync(BenchOptions options, Report report)
    {
        await using var ours = new SupervisedChildren(isDynamic: false);
        await using var plain = new PlainChildren(isDynamic: false);
        ITreeContender[] contenders = [ours, plain];
        foreach (var contender in contenders)
        {
            await contender.FillAsync(100);
            await PingAsync(contender);
        }

        var values = await ByTurnsAsync(contenders, options.Rounds, PingAsync);
        report.Add(new Result("supervision-overhead", "time of a message to a child and its answer", Place, values) { Unit = "ns" });
    }

    private static async Task<double> PingAsync(ITreeContender contender)
    {
        const int Batch = 50;
        var from = Stopwatch.GetTimestamp();
        for (var i = 0; i < Pings; i += Batch)
        {
            await Task.WhenAll(Enumerable.Range(i, Batch).Select(number => contender.Child(number % 100).Ask<object>(TreeChild.Ping)));
        }

        return Stopwatch.GetElapsedTime(from).TotalNanoseconds / Pings;
    }

    private static async Task<Score[]> ByTurnsAsync(ITreeContender[] contenders, int rounds, Func<ITreeContender, Task<double>> measure)
    {
        var values = contenders.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < contenders.Length; i++)
            {
                values[i].Add(await measure(contenders[i]));
            }
        }

        return [.. contenders.Select((contender, i) => new Score(contender.Name, values[i]))];
    }
}
