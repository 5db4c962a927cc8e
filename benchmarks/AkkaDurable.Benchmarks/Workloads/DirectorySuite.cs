using System.Diagnostics;
using System.Globalization;
using System.Text;
using AkkaDurable.Benchmarks.Contenders.OnAkkaDurable;
using AkkaDurable.Benchmarks.Databases;
using AkkaDurable.Storage;

namespace AkkaDurable.Benchmarks.Workloads;

/// <summary>Lists and counts of 100,000 stored servers by each filter, and the search for permanent ones that run nowhere.</summary>
internal sealed class DirectorySuite(PostgresServer postgres) : ISuite
{
    private const string Name = "directory-100000";
    private const string ServerType = "counter";
    private const int Count = 100_000;
    private const int MostPages = 200;
    private const int UnderWay = 2_000;
    private const long Living = 1;
    private const long Lost = 2;

    // Of so many records one is rare.
    private const int Rare = 1_000;

    private static readonly byte[] State = Encoding.UTF8.GetBytes($$"""{"text":"{{new string('x', 200)}}"}""");

    // All pages of each, as long as there are any.
    private static readonly (string Text, ServerQuery Query)[] Lists =
    [
        ("everything", new ServerQuery(ServerType)),
        ("everything, 1,000 a page", new ServerQuery(ServerType) { PageSize = 1_000 }),
        ("by prefix", new ServerQuery(ServerType) { KeyPrefix = KeyOf("05") }),
        ("StoppedGraceful, nearly all", new ServerQuery(ServerType) { Status = ServerStatus.StoppedGraceful }),
        ("Running, 1 of 1,000", new ServerQuery(ServerType) { Status = ServerStatus.Running }),
        ("Cordoned, 1 of 1,000", new ServerQuery(ServerType) { Status = ServerStatus.Cordoned }),
        ("PermanentlyCrashed, none", new ServerQuery(ServerType) { Status = ServerStatus.PermanentlyCrashed }),
        ("region, nearly all", new ServerQuery(ServerType) { Region = "eu-west" }),
        ("region, 1 of 1,000", new ServerQuery(ServerType) { Region = "us-east" }),
        ("region, none", new ServerQuery(ServerType) { Region = "nowhere" }),
        ("owner, a third", new ServerQuery(ServerType) { Owner = Node(1) }),
        ("owner, 1 of 1,000", new ServerQuery(ServerType) { Owner = Node(9) }),
        ("owner, none", new ServerQuery(ServerType) { Owner = "nobody" }),
        ("permanent, 1 of 1,000", new ServerQuery(ServerType) { IsPermanent = true }),
        ("region, owner and status, few", new ServerQuery(ServerType) { Region = "eu-west", Owner = Node(1), Status = ServerStatus.Running }),
    ];

    public IEnumerable<(string Name, bool IsQuick)> Workloads => [(Name, false)];

    public async Task RunAsync(BenchOptions options, Report report)
    {
        report.Begin("lists and counts of 100,000 stored servers; less is better");
        await using (var sqlite = new SqliteFiles())
        {
            await RunAsync(sqlite, report);
        }

        if (PostgresServer.Unavailable is { } reason)
        {
            report.Say($"PostgreSQL skipped: {reason}");
            return;
        }

        await using var database = await PostgresDatabase.OpenAsync(await postgres.CreateDatabaseAsync());
        await RunAsync(database, report);
    }

    private static async Task RunAsync(IBenchDatabase database, Report report)
    {
        await using (var store = await FillAsync(database, "dormant_", DormantAsync))
        {
            foreach (var (text, query) in Lists)
            {
                report.Add(Result(database, $"page-{text}", $"{text}: a page of {query.PageSize}", await PagesAsync(store, query)));
            }

            report.Add(Result(database, "count", "count by status", await CountsAsync(store, new ServerQuery(ServerType))));
            foreach (var (text, query) in Lists.Where(list => list.Query.PageSize == 100).Skip(1))
            {
                report.Add(Result(database, $"count-{text}", $"{text}: count", await CountsAsync(store, query)));
            }
        }

        await using var permanent = await FillAsync(database, "permanent_", PermanentAsync);
        report.Add(Result(database, "orphans", "10 orphans of 100,000 permanent running servers", await OrphansAsync(permanent)));
    }

    private static Result Result(IBenchDatabase database, string name, string title, List<double> milliseconds) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{Name}-{database.Name}-{name.Replace(", ", "-", StringComparison.Ordinal).Replace(' ', '-')}"), title, database.Description, [new Score(DurableCounters.DefaultName, milliseconds)]) { Unit = "ms" };

    private static async Task<List<double>> PagesAsync(IStateStore store, ServerQuery query)
    {
        await store.ListAsync(query);
        var times = new List<double>();
        while (times.Count < MostPages)
        {
            var started = Stopwatch.GetTimestamp();
            var page = await store.ListAsync(query);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            if (page.Count < query.PageSize)
            {
                break;
            }

            query = query with { AfterKey = page[^1].Id.Key };
        }

        return times;
    }

    private static Task<List<double>> CountsAsync(IStateStore store, ServerQuery query) => RepeatAsync(() => store.CountAsync(query));

    private static Task<List<double>> OrphansAsync(IStateStore store) => RepeatAsync(async () =>
    {
        var orphans = await store.ListOrphansAsync(new OrphanQuery(ServerType) { LiveOwners = [Node(0), Node(1), Node(2)] });
        if (orphans.Count != 10)
        {
            throw new InvalidOperationException($"{orphans.Count} orphans were found, of 10.");
        }
    });

    private static async Task<List<double>> RepeatAsync(Func<Task> work)
    {
        var times = new List<double>();
        for (var round = 0; round < 6; round++)
        {
            var started = Stopwatch.GetTimestamp();
            await work();
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        // The first one may be the first of its kind.
        return times[1..];
    }

    private static async Task<IStateStore> FillAsync(IBenchDatabase database, string tables, Func<IStateStore, int, Task> make)
    {
        var store = database.OpenStore(tables, _ => { });
        await store.PrepareAsync();
        await store.RegisterTypeAsync(ServerType, 100);
        await store.CreateLeaseAsync(Living, Node(0), TimeSpan.FromMinutes(1));

        // Not in the order of their keys, as servers come.
        foreach (var chunk in Enumerable.Range(0, Count).Select(i => (int)(i * 7_919L % Count)).Chunk(UnderWay))
        {
            await Task.WhenAll(chunk.Select(i => make(store, i)));
        }

        await database.AnalyzeAsync();
        return store;
    }

    private static async Task DormantAsync(IStateStore store, int i)
    {
        var request = new ClaimRequest(Id(i), i + 1, Node(i % Rare == 500 ? 9 : i % 3), ExplicitStart: false, MaxStateVersion: 1) { LeaseId = Living, Region = i % Rare == 300 ? "us-east" : "eu-west" };
        var status = (i % Rare) switch
        {
            100 => ServerStatus.Running,
            200 => ServerStatus.Cordoned,
            _ => ServerStatus.StoppedGraceful,
        };
        await SaveAsync(store, request, status, isPermanent: i % Rare == 400 ? true : null);
    }

    private static Task PermanentAsync(IStateStore store, int i) => SaveAsync(
        store,
        new ClaimRequest(Id(i), i + 1, Node(i % 3), ExplicitStart: false, MaxStateVersion: 1) { LeaseId = i % (Count / 10) == 77 ? Lost : Living, Region = "eu-west" },
        ServerStatus.Running,
        isPermanent: true);

    private static async Task SaveAsync(IStateStore store, ClaimRequest request, ServerStatus status, bool? isPermanent)
    {
        var claim = await store.ClaimAsync(request);
        if (await store.SaveAsync(new SaveRequest(request.Id, claim.Record.Token, 0, status, 1, State) { IsPermanent = isPermanent }) != SaveOutcome.Saved)
        {
            throw new InvalidOperationException($"{request.Id} was not saved.");
        }
    }

    private static ServerId Id(int i) => new(ServerType, KeyOf(i.ToString("D6", CultureInfo.InvariantCulture)));

    private static string KeyOf(string number) => "room-" + number;

    private static string Node(int i) => $"akka.tcp://shop@node-{i}:8110";
}
