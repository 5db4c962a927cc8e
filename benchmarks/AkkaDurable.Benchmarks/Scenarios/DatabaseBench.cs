using AkkaDurable.Benchmarks.Counters;
using AkkaDurable.Benchmarks.Counters.HandWritten;
using AkkaDurable.Benchmarks.Databases;
using AkkaDurable.Benchmarks.Load;

namespace AkkaDurable.Benchmarks.Scenarios;

/// <summary>All scenarios on one database.</summary>
internal sealed class DatabaseBench : IAsyncDisposable
{
    private const int SetupOutstanding = 64;
    private const int ActivationOutstanding = 64;

    private readonly BenchOptions _options;
    private readonly IBenchDatabase _database;
    private readonly PersistentCounters _rival;
    private readonly DurableCounters _own;
    private readonly Report _report;
    private readonly string[] _keys;

    // Increments that were answered, by contender; what the counters must add up to in the end.
    private readonly Dictionary<ICounters, long> _acknowledged = [];

    private DatabaseBench(BenchOptions options, IBenchDatabase database, PersistentCounters rival, DurableCounters own, Report report)
    {
        _options = options;
        _database = database;
        _rival = rival;
        _own = own;
        _report = report;
        _keys = [.. Enumerable.Range(0, options.Keys).Select(i => $"counter-{i:00000}")];
    }

    public static async Task<DatabaseBench> StartAsync(BenchOptions options, IBenchDatabase database, Report report)
    {
        var rival = await PersistentCounters.StartAsync(options.Rival.WithFallback(database.Journal.ToConfig()));
        return new DatabaseBench(options, database, rival, await DurableCounters.StartAsync(database.OpenStore), report);
    }

    public async Task RunAsync()
    {
        _report.Begin(_database.Description);
        if (_options.WantsScenario(Scenario.Activation))
        {
            await ActivateAsync();
        }
        else
        {
            await IncrementEachAsync();
        }

        foreach (var scenario in Scenario.Durable.Where(scenario => _options.WantsScenario(scenario.Name)))
        {
            await RunAsync(scenario);
        }

        foreach (var contender in (ICounters[])[_rival, _own])
        {
            await CheckAsync(contender);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _own.DisposeAsync();
        await _rival.DisposeAsync();
    }

    /// <summary>How fast stored counters that are not in memory answer their first call. It leaves all of them in memory.</summary>
    private async Task ActivateAsync()
    {
        await IncrementEachAsync();
        await _rival.RestartAsync();
        await _own.RestartAsync();

        // The first tenth gives every shard its home, and warms up.
        var warm = _keys.Length / 10;
        var versus = new Versus(_database.Description, $"first call to a stored counter, {ActivationOutstanding} outstanding", _rival, _own);
        foreach (var contender in (ICounters[])[_rival, _own])
        {
            await ClosedLoop.RunOnceEachAsync(contender.GetAsync, _keys[..warm], ActivationOutstanding);
        }

        for (var round = 0; round < _options.Rounds; round++)
        {
            var (from, to) = (Boundary(round), Boundary(round + 1));
            await versus.RoundAsync(contender => ClosedLoop.RunOnceEachAsync(contender.GetAsync, _keys[from..to], ActivationOutstanding));
        }

        _report.Add(versus);

        int Boundary(int round) => warm + ((_keys.Length - warm) * round / _options.Rounds);
    }

    private async Task IncrementEachAsync()
    {
        foreach (var contender in (ICounters[])[_rival, _own])
        {
            Note(contender, await ClosedLoop.RunOnceEachAsync(contender.IncrementAsync, _keys, SetupOutstanding));
        }
    }

    private async Task RunAsync(Scenario scenario)
    {
        var keys = scenario.Hot ? [Scenario.HotKey] : _keys;
        var rival = scenario.IsPipelined ? _rival.Pipelined : _rival;
        var versus = new Versus(_database.Description, scenario.Title, rival, _own);
        foreach (var contender in (ICounters[])[rival, _own])
        {
            await LoadAsync(contender, _options.WarmUp);
        }

        for (var round = 0; round < _options.Rounds; round++)
        {
            await versus.RoundAsync(contender => LoadAsync(contender, _options.Round));
        }

        _report.Add(versus);

        async Task<Sample> LoadAsync(ICounters contender, TimeSpan time)
        {
            var sample = await ClosedLoop.RunForAsync(key => scenario.Call(contender, key), keys, scenario.Outstanding, time);
            Note(contender, sample);
            return sample;
        }
    }

    private void Note(ICounters contender, Sample sample) => _acknowledged[contender] = _acknowledged.GetValueOrDefault(contender) + sample.Calls;

    // A fast contender that forgets would be worth nothing.
    private async Task CheckAsync(ICounters contender)
    {
        var sum = 0L;
        await ClosedLoop.RunOnceEachAsync(
            async key =>
            {
                var count = await contender.GetAsync(key);
                Interlocked.Add(ref sum, count);
                return count;
            },
            (string[])[.. _keys, Scenario.HotKey],
            SetupOutstanding);
        _report.Check(contender.Name, _acknowledged.GetValueOrDefault(contender), sum);
    }
}
