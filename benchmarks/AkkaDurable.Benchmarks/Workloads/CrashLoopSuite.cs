using Akka.Actor;
using Akka.Configuration;
using AkkaDurable.Benchmarks.Contenders;
using AkkaDurable.Benchmarks.Contenders.OnAkka;
using AkkaDurable.Benchmarks.Contenders.OnAkkaDurable;
using AkkaDurable.Benchmarks.Load;
using AkkaDurable.Storage;

namespace AkkaDurable.Benchmarks.Workloads;

/// <summary>What two servers that crash over and over, one with each call and one with each start, do to the calls of others. In memory, so that nothing hides it.</summary>
internal sealed class CrashLoopSuite : ISuite
{
    private const string Name = "crash-loop";
    private const int Counters = 1_000;
    private const int Outstanding = 64;

    public IEnumerable<(string Name, bool IsQuick)> Workloads => [(Name, false)];

    public async Task RunAsync(BenchOptions options, Report report)
    {
        report.Begin("calls beside servers that crash over and over; p99 in µs, less is better");
        await using var store = new InMemoryStateStore();
        var system = await ClusterNode.StartAsync(Config.Empty, new DurableServersSetup { StateStore = _ => store });
        try
        {
            var counters = await DurableServers.Get(system).RegisterAsync<Counter>(DurableCounters.ServerType, DurableCounters.Options(DurableTuning.None));
            var fragile = DurableCounters.Options(DurableTuning.None);
            fragile.Permanent = true;
            var crashing = await DurableServers.Get(system).RegisterAsync<Fragile>(Fragile.ServerType, fragile);
            ServerRef[] servers = [.. CounterKeys.First(Counters).Select(key => counters[key])];
            await MeasureAsync(servers, options.WarmUp);

            List<Sample> with = [], without = [];
            for (var round = 0; round < options.Rounds; round++)
            {
                without.Add(await MeasureAsync(servers, options.Round));
                using var ending = new CancellationTokenSource();
                var crashes = Task.WhenAll(CrashAsync(crashing[$"called-{round}"], ending.Token), CrashAsync(crashing[$"{Fragile.Stillborn}{round}"], ending.Token));
                with.Add(await MeasureAsync(servers, options.Round));
                await ending.CancelAsync();
                await crashes;
            }

            report.Add(new Result(Name, $"increment, {Counters:N0} counters, {Outstanding} outstanding, p99 beside a crash loop and without", "memory", [P99("with", with), P99("without", without)]) { Unit = "µs" });
        }
        finally
        {
            await ClusterNode.StopAsync(system);
        }
    }

    private static Task<Sample> MeasureAsync(ServerRef[] servers, TimeSpan time) => ClosedLoop.RunForAsync(counter => servers[counter].CallAsync(new Increment(1)), Counters, Outstanding, time);

    private static Score P99(string name, IEnumerable<Sample> rounds) => new(name, [.. rounds.Select(round => round.Latencies.Percentile(0.99).TotalMicroseconds)]);

    // Calls it as often as it answers: by failures first, and, once its budget is spent, by refusals.
    private static async Task CrashAsync(ServerRef server, CancellationToken ending)
    {
        while (!ending.IsCancellationRequested)
        {
            try
            {
                await server.CallAsync(new GetCount(), cancellationToken: CancellationToken.None).ConfigureAwait(false);
            }
            catch (DurableServerException)
            {
                // What it is there for.
            }
        }
    }
}
