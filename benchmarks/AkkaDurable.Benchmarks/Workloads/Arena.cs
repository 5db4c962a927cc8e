using AkkaDurable.Benchmarks.Contenders;
using AkkaDurable.Benchmarks.Load;

namespace AkkaDurable.Benchmarks.Workloads;

/// <summary>The contenders, all running side by side, and what they must account for in the end.</summary>
internal sealed class Arena : IAsyncDisposable
{
    private const int SetupOutstanding = 256;
    private const int ActivationOutstanding = 64;

    private readonly string _database;
    private readonly int _counters;
    private readonly BenchOptions _options;
    private readonly Report _report;
    private readonly Dictionary<Entry, IContender> _contenders = [];

    // By contender: increments that were answered, and calls whose outcome nobody knows.
    private readonly Dictionary<IContender, (long Acknowledged, long Failed)> _accounts = [];

    private Arena(string database, int counters, BenchOptions options, Report report)
    {
        _database = database;
        _counters = counters;
        _options = options;
        _report = report;
    }

    /// <summary>Starts those who have something to run.</summary>
    public static async Task<Arena> StartAsync(string database, int counters, IEnumerable<Entry> entries, Func<Entry, bool> runs, BenchOptions options, Report report)
    {
        var arena = new Arena(database, counters, options, report);
        report.Begin(database);
        Entry[] taking = [.. entries.Where(entry => !entry.IsRival || (options.WantsRival(entry.Name) && runs(entry)))];
        var contenders = await Task.WhenAll(taking.Select(entry => entry.StartAsync()));
        foreach (var (entry, contender) in taking.Zip(contenders))
        {
            arena._contenders.Add(entry, contender);
        }

        return arena;
    }

    /// <summary>Increments each counter once, which also creates it and brings it into memory.</summary>
    public async Task FillAsync()
    {
        foreach (var contender in _contenders.Values)
        {
            await CountAsync(contender, ClosedLoop.RunOnceEachAsync(contender.IncrementAsync, .._counters, SetupOutstanding));
        }
    }

    public async Task RunAsync(LoadWorkload load)
    {
        IContender[] contenders = [.. _contenders.Where(entry => entry.Key.Runs(load)).Select(entry => entry.Value)];
        foreach (var contender in contenders)
        {
            await RunAsync(contender, _options.WarmUp);
        }

        var match = new Match(contenders);
        for (var round = 0; round < _options.Rounds; round++)
        {
            await match.RoundAsync(round, contender => RunAsync(contender, _options.Round));
        }

        _report.Add(match.ToResult(load.Name, load.Title, _database));

        async Task<Sample> RunAsync(IContender contender, TimeSpan time)
        {
            using var turn = contender.BeginTurn();
            var hostCpu = contender.HostCpu;
            var sample = await (load.Writes
                ? CountAsync(contender, ClosedLoop.RunForAsync(contender.IncrementAsync, load.Counters, load.Outstanding, time))
                : ClosedLoop.RunForAsync(contender.GetAsync, load.Counters, load.Outstanding, time));
            return sample with { Cpu = sample.Cpu + contender.HostCpu - hostCpu };
        }
    }

    /// <summary>
    /// How fast stored counters that are not in memory answer their first call. It leaves all of them in memory. All of it is done twice, and the second time counts: once round takes less time than
    /// the runtime needs to compile what it runs, so that the first time half of the processor time is the compiler's.
    /// </summary>
    public async Task ActivateAsync(string workload)
    {
        IContender[] contenders = [.. _contenders.Where(entry => entry.Key.Activates).Select(entry => entry.Value)];
        await Task.WhenAll(contenders.Select(contender => contender.RestartAsync()));
        foreach (var contender in contenders)
        {
            await ClosedLoop.RunOnceEachAsync(contender.GetAsync, .._counters, ActivationOutstanding);
        }

        await Task.WhenAll(contenders.Select(contender => contender.RestartAsync()));

        // The first tenth gives every shard its home.
        var warm = _counters / 10;
        foreach (var contender in contenders)
        {
            await ClosedLoop.RunOnceEachAsync(contender.GetAsync, ..warm, ActivationOutstanding);
        }

        var match = new Match(contenders);
        for (var round = 0; round < _options.Rounds; round++)
        {
            var range = Boundary(round)..Boundary(round + 1);
            await match.RoundAsync(round, contender => ClosedLoop.RunOnceEachAsync(contender.GetAsync, range, ActivationOutstanding));
        }

        _report.Add(match.ToResult(workload, $"first call to a stored counter, {_counters:N0} counters, {ActivationOutstanding} outstanding", _database));

        int Boundary(int round) => warm + ((_counters - warm) * round / _options.Rounds);
    }

    /// <summary>Adds up all counters: a fast contender that forgets would be worth nothing. Where that takes little time, what is read is what a new node finds in the database.</summary>
    public async Task CheckAsync()
    {
        await Task.WhenAll(_contenders.Where(entry => entry.Key.ReadsBack).Select(entry => entry.Value.RestartAsync()));
        foreach (var contender in _contenders.Where(entry => entry.Key.Keeps).Select(entry => entry.Value))
        {
            var sum = 0L;
            var sample = await ClosedLoop.RunOnceEachAsync(
                async counter =>
                {
                    var count = await contender.GetAsync(counter);
                    Interlocked.Add(ref sum, count);
                    return count;
                },
                .._counters,
                SetupOutstanding);
            var (acknowledged, failed) = _accounts.GetValueOrDefault(contender);
            _report.Check(new Account(contender.Name, acknowledged, failed, sum, sample.FirstFailure));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_contenders.Values.Select(contender => contender.DisposeAsync().AsTask()));
    }

    private async Task<Sample> CountAsync(IContender contender, Task<Sample> running)
    {
        var sample = await running;
        var (acknowledged, failed) = _accounts.GetValueOrDefault(contender);
        _accounts[contender] = (acknowledged + sample.Calls, failed + sample.Failures);
        return sample;
    }
}
