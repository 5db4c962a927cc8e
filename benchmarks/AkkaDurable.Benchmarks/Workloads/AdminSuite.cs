using System.Diagnostics;
using System.Globalization;
using AkkaDurable.Benchmarks.Contenders;
using AkkaDurable.Benchmarks.Contenders.OnAkkaDurable;
using AkkaDurable.Benchmarks.Databases;
using AkkaDurable.Benchmarks.Load;

namespace AkkaDurable.Benchmarks.Workloads;

/// <summary>100,000 live servers on three nodes: how long operators wait for the admin API, and what 50 of them, each with a question a second, cost the calls.</summary>
internal sealed class AdminSuite : ISuite
{
    private const string Waits = "admin-100000";
    private const string Cost = "cost-admin";
    private const int Servers = 100_000;
    private const int Outstanding = 64;
    private const int Readers = 50;
    private const int Times = 10;

    private static readonly (string Name, string Command, string Arguments)[] s_questions =
    [
        ("list", "servers/list", """{"type":"counter"}"""),
        ("list-1000", "servers/list", """{"type":"counter","most":1000}"""),
        ("list-prefix", "servers/list", """{"type":"counter","prefix":"counter-0005"}"""),
        ("list-running", "servers/list", """{"type":"counter","status":"Running"}"""),
        ("list-cordoned-none", "servers/list", """{"type":"counter","status":"Cordoned"}"""),
        ("list-region", "servers/list", """{"type":"counter","region":"us"}"""),
        ("list-permanent-none", "servers/list", """{"type":"counter","permanent":true}"""),
        ("count", "servers/count", """{"type":"counter"}"""),
        ("region-stats", "cluster-sharding/region-stats", """{"type":"counter"}"""),
        ("shards", "cluster-sharding/shards", """{"type":"counter"}"""),
        ("cluster-show", "cluster/show", "{}"),
    ];

    // What a screen that shows the cluster asks for.
    private static readonly string[] s_watched = ["cluster-show", "region-stats", "list"];

    public IEnumerable<(string Name, bool IsQuick)> Workloads => [(Waits, false), (Cost, false)];

    public async Task RunAsync(BenchOptions options, Report report)
    {
        report.Begin("100,000 live servers on three nodes: milliseconds an operator waits (less is better), and what 50 operators cost");
        await using IBenchDatabase database = new SqliteFiles();
        await using var cluster = await AdminCluster.StartAsync(database, ["eu", "eu", "us"]);
        var keys = CounterKeys.First(Servers);
        ServerRef[] counters = [.. keys.Select(key => cluster.Counters[key])];
        var filled = await ClosedLoop.RunOnceEachAsync(counter => counters[counter].CallAsync(new Increment(1)), 0..Servers, 256);
        if (filled.FirstFailure is { } failure)
        {
            throw new InvalidOperationException("The servers could not be started.", failure);
        }

        await database.AnalyzeAsync();
        if (options.Wants(Waits, isQuick: false))
        {
            foreach (var (name, command, arguments) in s_questions)
            {
                await cluster.AskAsync(0, command, arguments);
                var times = new List<double>();
                for (var i = 0; i < Times; i++)
                {
                    var started = Stopwatch.GetTimestamp();
                    await cluster.AskAsync(i % 3, command, arguments);
                    times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                }

                report.Add(new Result($"{Waits}-{name}", $"{command.Replace('/', ' ')} {arguments}", database.Description, [new Score(DurableCounters.DefaultName, times)]) { Unit = "ms" });
            }
        }

        if (options.Wants(Cost, isQuick: false))
        {
            List<Sample> with = [], without = [];
            await MeasureAsync(options.WarmUp);
            for (var round = 0; round < options.Rounds; round++)
            {
                without.Add(await MeasureAsync(options.Round));
                using var ending = new CancellationTokenSource();
                var readers = Enumerable.Range(0, Readers).Select(reader => ReadAsync(reader, ending.Token)).ToArray();
                with.Add(await MeasureAsync(options.Round));
                await ending.CancelAsync();
                await Task.WhenAll(readers);
            }

            report.Add(new Result(
                Cost,
                string.Create(CultureInfo.InvariantCulture, $"read, {Servers:N0} counters on 3 nodes, {Outstanding} outstanding, with and without {Readers} readers of the admin API"),
                "memory",
                [Score.Of("with", with), Score.Of("without", without)]));
        }

        Task<Sample> MeasureAsync(TimeSpan time) => ClosedLoop.RunForAsync(counter => counters[counter].CallAsync(new GetCount()), Servers, Outstanding, time);

        // Each at its own moment of the second, as people are.
        async Task ReadAsync(int reader, CancellationToken ending)
        {
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1_000.0 * reader / Readers), ending);
                using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
                for (var i = reader; await second.WaitForNextTickAsync(ending); i++)
                {
                    var (_, command, arguments) = s_questions.Single(question => question.Name == s_watched[i % s_watched.Length]);
                    await cluster.AskAsync(reader % 3, command, arguments);
                }
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
            }
        }
    }
}
