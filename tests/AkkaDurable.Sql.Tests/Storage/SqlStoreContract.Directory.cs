using AkkaDurable.Storage;
using AkkaDurable.TestSupport.Storage;

namespace AkkaDurable.Sql.Tests.Storage;

public abstract partial class SqlStoreContract
{
    private const int Many = 25_000;

    [ContractFact]
    public async Task Among_many_records_the_few_that_match_are_found_page_by_page_and_counted()
    {
        var store = await OpenAsync();
        await FillAsync();
        var any = new ServerQuery("counter") { PageSize = 4 };

        Assert.Equal(Numbers(i => i % 2_000 == 0), await ListedAsync(store, any with { Status = ServerStatus.Running }));
        Assert.Equal(Numbers(i => i % 5_000 == 1), await ListedAsync(store, any with { Owner = "rare" }));
        Assert.Equal(Numbers(i => i % 6_000 == 2), await ListedAsync(store, any with { Region = "us" }));
        Assert.Equal(Numbers(i => i % 7_000 == 3), await ListedAsync(store, any with { IsPermanent = false }));
        Assert.Equal(Numbers(i => i % 2_000 == 0 && i is >= 10_000 and < 20_000), await ListedAsync(store, any with { Status = ServerStatus.Running, KeyPrefix = "key-11", Owner = "node", PageSize = 1 }));
        Assert.Equal(Numbers(i => i % 2_000 == 0 && i > 12_345), await ListedAsync(store, any with { Status = ServerStatus.Running, AfterKey = Key(12_345) }));
        Assert.Equal(Numbers(i => i % 6_000 != 2), await ListedAsync(store, any with { Region = "eu", PageSize = 1_000 }));

        Assert.Equal(Many - 13, (await store.CountAsync(any))[ServerStatus.StoppedGraceful]);
        Assert.Equal(new Dictionary<ServerStatus, long> { [ServerStatus.Running] = 13 }, await store.CountAsync(any with { Status = ServerStatus.Running }));
        Assert.Equal(5, (await store.CountAsync(any with { Owner = "rare" })).Values.Sum());
        await RunSqlAsync($"UPDATE {Table("servers")} SET status = 5 WHERE status = 1 AND server_key < '{Key(Many - 30)}'");
        Assert.Equal(
            Numbers(i => (i % 2_000 == 0 || i >= Many - 30) && i % 7_000 != 3),
            (await OrphansAsync(store, new OrphanQuery("counter") { PageSize = 5 })).Select(Number));
        Assert.Equal(Many - 30 - 13, (await store.CountAsync(any with { Status = ServerStatus.Cordoned }))[ServerStatus.Cordoned]);
    }

    private Task FillAsync() => RunSqlAsync(
        $"""
        INSERT INTO {Table("servers")} (server_type, server_key, epoch, claim_id, revision, status, owner, state_version, created_at, updated_at, region, is_permanent)
        SELECT 'counter', 'key-' || (100000 + i), 1, i, 0, CASE WHEN i % 2000 = 0 THEN 0 ELSE 1 END, CASE WHEN i % 5000 = 1 THEN 'rare' ELSE 'node' END, 0, {Version1Time}, {Version1Time},
            CASE WHEN i % 6000 = 2 THEN 'us' ELSE 'eu' END, i % 7000 <> 3
        FROM (WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {Many - 1}) SELECT i FROM n) numbers
        """);

    private static IEnumerable<int> Numbers(Func<int, bool> where) => Enumerable.Range(0, Many).Where(where);

    private static string Key(int number) => $"key-{100_000 + number}";

    private static int Number(StoredServer record) => int.Parse(record.Id.Key.AsSpan(4), System.Globalization.CultureInfo.InvariantCulture) - 100_000;

    private static async Task<IEnumerable<int>> ListedAsync(SqlStateStore store, ServerQuery query)
    {
        var all = new List<StoredServer>();
        while (true)
        {
            var page = await store.ListAsync(query);
            all.AddRange(page);
            if (page.Count < query.PageSize)
            {
                return all.Select(Number);
            }

            query = query with { AfterKey = all[^1].Id.Key };
        }
    }

    private static async Task<List<StoredServer>> OrphansAsync(SqlStateStore store, OrphanQuery query)
    {
        var all = new List<StoredServer>();
        while (true)
        {
            var page = await store.ListOrphansAsync(query);
            all.AddRange(page);
            if (page.Count < query.PageSize)
            {
                return all;
            }

            query = query with { AfterKey = all[^1].Id.Key };
        }
    }
}
