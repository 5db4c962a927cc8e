using System.Diagnostics;
using System.Text.Json;
using AkkaDurable.Sql;
using AkkaDurable.Storage;
using AkkaDurable.TestSupport.Postgres;
using ChangeStats;
using ChangeStats.Cluster;
using ChangeStats.Demo;
using UniqueAddress = Akka.Cluster.UniqueAddress;
using Xunit.Abstractions;

namespace AkkaDurable.Process.Tests;

/// <summary>Some nodes, each a process, over one database, and this process as a member that calls them.</summary>
internal sealed class ProcessCluster : IAsyncDisposable
{
    private const int PageSize = 1_000;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(4);

    private readonly ITestOutputHelper _output;
    private readonly TemporaryFolder _folder;
    private readonly DemoDatabase _database;
    private readonly NodeGroup _nodes;
    private readonly CancellationTokenSource _stop = new(s_deadline);
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private StatsClient? _client;
    private string _phase = "start";

    private ProcessCluster(ITestOutputHelper output, TemporaryFolder folder, DemoDatabase database, NodeGroup nodes)
    {
        _output = output;
        _folder = folder;
        _database = database;
        _nodes = nodes;
    }

    /// <summary>Ends every wait when the test has taken too long.</summary>
    public CancellationToken Deadline => _stop.Token;

    public StatsClient Client => _client ?? throw new InvalidOperationException("There is no client.");

    public NodeProcess this[int number] => _nodes[number];

    public PostgresCluster Postgres => _database.Server ?? throw new InvalidOperationException("The database is not PostgreSQL.");

    /// <summary>Starts the processes and waits until all of them take servers.</summary>
    /// <param name="postgres">Whether the database is a PostgreSQL server, else a SQLite file.</param>
    /// <param name="output">Gets what happens and when.</param>
    /// <param name="nodes">How many.</param>
    /// <param name="sqliteFile">The file; left out: one in the folder of this run.</param>
    /// <param name="readKeys">How many keys each node shall read through itself, from <see cref="BeginToRead"/> on.</param>
    /// <param name="settings">Environment variables of the nodes.</param>
    public static async Task<ProcessCluster> StartAsync(
        bool postgres, ITestOutputHelper output, int nodes = 3, string? sqliteFile = null, int readKeys = 0, IReadOnlyDictionary<string, string>? settings = null)
    {
        var folder = new TemporaryFolder { KeepLogs = true };
        var database = postgres ? await DemoDatabase.StartPostgresAsync() : DemoDatabase.Sqlite(sqliteFile ?? folder.Database);
        var cluster = new ProcessCluster(
            output, folder, database, NodeGroup.Start(nodes, database.Address, folder.Logs, Program));
        try
        {
            cluster.Phase($"{nodes} processes on {database.Description}; logs in {folder.Logs}");
            await cluster.ConnectAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }

        ProcessStartInfo Program(string[] arguments)
        {
            var start = readKeys == 0 ? ThisProgram.With(arguments) : ReadingNode.Command(folder.Logs, readKeys, arguments);
            foreach (var (name, value) in settings ?? new Dictionary<string, string>())
            {
                start.Environment[name] = value;
            }

            return start;
        }
    }

    /// <summary>The records of all servers, without their states.</summary>
    public async Task<IReadOnlyList<StoredServer>> ReadRecordsAsync() => [.. await ReadAllAsync(includeState: false)];

    /// <summary>Lets the nodes read, now and when they are started again.</summary>
    public void BeginToRead() => File.Create(ReadingNode.BeginFile(_folder.Logs)).Dispose();

    /// <summary>All reads so far that the nodes noted.</summary>
    public IReadOnlyList<Read> Reads() => ReadLog.ReadAll(_folder.Logs);

    /// <summary>Joins the cluster, as a member that is new to it, and waits until all nodes take servers.</summary>
    public async Task ConnectAsync()
    {
        await DisconnectAsync();
        _client = await StatsClient.StartAsync(_nodes.Ports, Path.Combine(_folder.Logs, "client.log"), Deadline);
        await UnlessOneDiesAsync(stop => Client.UntilReadyAsync(_nodes.Count, s_patience, stop));
    }

    public async Task DisconnectAsync()
    {
        if (_client is { } client)
        {
            _client = null;
            await client.DisposeAsync();
        }
    }

    /// <summary>Says what happens next; the name is part of every failure.</summary>
    public void Phase(string phase)
    {
        _phase = phase;
        _output.WriteLine($"{TimeProvider.System.GetElapsedTime(_start).TotalSeconds,6:0.0} s  {phase}");
    }

    public async Task KillAsync(int number)
    {
        Phase($"kill -9 {this[number].Name} (process {this[number].Pid})");
        await this[number].KillAsync(Deadline);
    }

    /// <summary>Starts a node again that has ended, on its port, and waits until the others see it.</summary>
    public async Task RestartAsync(int number)
    {
        var before = Client.Incarnation(this[number].Port);
        this[number].Start();
        Phase($"{this[number].Name} started again (process {this[number].Pid})");
        await UnlessOneDiesAsync(stop => Client.UntilBackAsync(this[number].Port, before, _nodes.Count, s_patience, stop));
        Phase($"{this[number].Name} is back in the cluster");
    }

    /// <summary>Waits until a node is a member again after the others gave it up: by itself, or, when its process ends, started again as by whoever runs it.</summary>
    public async Task UntilBackAsync(int number, UniqueAddress? before)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Deadline);
        var node = this[number];
        var back = Client.UntilBackAsync(node.Port, before, _nodes.Count, s_patience, enough.Token);
        var ended = node.WaitForExitAsync(enough.Token);
        if (await Task.WhenAny(back, ended) == ended)
        {
            var exitCode = await ended;
            Phase($"{node.Name} has ended with exit code {exitCode}");

            // Or else a runner that starts again only what failed would leave it down.
            Assert.NotEqual(0, exitCode);
            node.Start();
            Phase($"{node.Name} started again (process {node.Pid})");
        }

        await back;
        await enough.CancelAsync();
        Phase($"{node.Name} is back in the cluster");
    }

    /// <summary>Waits until a node has read every key through itself, beginning after now.</summary>
    public async Task UntilItReadsAsync(int number, Load load)
    {
        var now = TimeProvider.System.GetTimestamp();
        var start = now;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (ReadLog.ReadOne(_folder.Logs, this[number].Pid).Where(read => read.Start > now && read.Failure is null).Select(read => read.Key).Distinct().Count() < load.Keys.Count)
        {
            if (TimeProvider.System.GetElapsedTime(start) > s_patience)
            {
                throw Failure($"{this[number].Name} (process {this[number].Pid}) could not read every key within {s_patience.TotalSeconds:0} s; the end of its log:\n{this[number].LastLines(15)}");
            }

            await timer.WaitForNextTickAsync(Deadline);
        }

        Phase($"{this[number].Name} reads every key");
    }

    /// <summary>How many servers of the load each node runs.</summary>
    public async Task<IReadOnlyDictionary<string, int>> CountByNodeAsync(Load load)
    {
        var nodes = new List<string>();
        foreach (var key in load.Keys)
        {
            nodes.Add((await Client.Servers[key.Key].InfoAsync(cancellationToken: Deadline))!.Node);
        }

        return nodes.CountBy(node => node).ToDictionary();
    }

    public void StartAll()
    {
        for (var number = 1; number <= _nodes.Count; number++)
        {
            this[number].Start();
        }
    }

    /// <summary>Waits for a process to end by itself.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> UntilEndedAsync(int number)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Deadline);
        patience.CancelAfter(s_patience);
        try
        {
            return await this[number].WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw Failure($"{this[number].Name} (process {this[number].Pid}) did not end within {s_patience.TotalSeconds:0} s; the end of its log:\n{this[number].LastLines(15)}");
        }
    }

    /// <summary>Waits until every key got acknowledgements for so many changes that were sent after now.</summary>
    public async Task UntilEveryKeyMovesAsync(Load load, int by = 1)
    {
        var goals = load.Keys.ToDictionary(key => key, key => key.Sent + by);
        var start = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (goals.Where(goal => goal.Key.Acknowledged < goal.Value).ToList() is { Count: > 0 } waiting)
        {
            var died = _nodes.AnyDiedByItselfAsync();
            if (died.IsCompleted)
            {
                throw Failure(await died);
            }

            if (TimeProvider.System.GetElapsedTime(start) > s_patience)
            {
                var first = waiting[0];
                throw Failure($"{waiting.Count} of {load.Keys.Count} keys got no answer within {s_patience.TotalSeconds:0} s, such as {first.Key.Key}: expected change {first.Value} to be acknowledged, found {first.Key.Acknowledged}. {load}");
            }

            await timer.WaitForNextTickAsync(Deadline);
        }

        Phase($"every key answers; worst gap so far {load.WorstGap.TotalSeconds:0.0} s");
    }

    /// <summary>Checks every key: what its server says, and what is stored, is what was acknowledged; or one more, where the last change was left unknown.</summary>
    public async Task AssertNothingIsLostOrDoubledAsync(Load load)
    {
        Phase($"compare: {load}");
        Assert.True(load.Violations.Count == 0, Failure(string.Join('\n', load.Violations.Take(20))).Message);
        var stored = await ReadStoreAsync();
        var wrong = new List<string>();
        foreach (var key in load.Keys)
        {
            var said = await Client.Servers[key.Key].CallAsync(new GetStats(), s_patience, Deadline);
            Check(key, "its server", said);
            Check(key, "the store", stored.GetValueOrDefault(key.Key));
        }

        Assert.True(wrong.Count == 0, Failure(string.Join('\n', wrong.Take(20))).Message);
        Assert.Equal(load.Keys.Select(key => key.Key).Order(StringComparer.Ordinal), stored.Keys.Order(StringComparer.Ordinal));

        void Check(LoadKey key, string where, StatsState? found)
        {
            if (found is null || found.Changes < key.Acknowledged || found.Changes > key.Sent || found != new StatsState(found.Changes, found.Changes, 2 * found.Changes))
            {
                wrong.Add($"{key.Key} in {where}: expected {key.Acknowledged}{(key.Sent > key.Acknowledged ? $" or {key.Sent}" : "")} changes, found {found?.ToString() ?? "no record"}");
            }
        }
    }

    /// <summary>Call it last: the logs of a test that does not come so far are kept.</summary>
    public void Pass(Load load) => Pass(load.ToString()!);

    public void Pass(string what)
    {
        Phase($"passed: {what}");
        _folder.KeepLogs = false;
    }

    public async ValueTask DisposeAsync()
    {
        if (_folder.KeepLogs)
        {
            _output.WriteLine($"failed in the phase '{_phase}'; the logs stay in {_folder.Logs}");
        }

        await DisconnectAsync();
        await _nodes.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Dispose();
        _stop.Dispose();
    }

    // What the node printed last says more than that the others waited in vain.
    private async Task UnlessOneDiesAsync(Func<CancellationToken, Task> wait)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Deadline);
        var died = _nodes.AnyDiedByItselfAsync();
        var waiting = wait(stop.Token);
        if (await Task.WhenAny(waiting, died) == died)
        {
            await stop.CancelAsync();
            throw Failure(await died);
        }

        await waiting;
    }

    private Xunit.Sdk.XunitException Failure(string what) => new($"In the phase '{_phase}': {what}");

    private async Task<Dictionary<string, StatsState>> ReadStoreAsync()
    {
        var states = new Dictionary<string, StatsState>(StringComparer.Ordinal);
        foreach (var record in await ReadAllAsync(includeState: true))
        {
            states.Add(record.Id.Key, JsonSerializer.Deserialize<StatsState>(record.State!.Value.Span)!);
        }

        return states;
    }

    private async Task<List<StoredServer>> ReadAllAsync(bool includeState)
    {
        await using var store = SqlStateStore.Create(new SqlStateStoreOptions { ConnectionString = _database.Address.ConnectionString, ProviderName = _database.Address.ProviderName });
        await store.PrepareAsync(Deadline);
        List<StoredServer> records = [];
        IReadOnlyList<StoredServer> page = [];
        do
        {
            page = await store.ListAsync(
                new ServerQuery(StatsCluster.ServerType) { PageSize = PageSize, AfterKey = page.Count == 0 ? null : page[^1].Id.Key, IncludeState = includeState }, Deadline);
            records.AddRange(page);
        }
        while (page.Count == PageSize);

        return records;
    }
}
