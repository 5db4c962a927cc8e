using AkkaDurable.Storage;

namespace AkkaDurable.TestSupport.Storage;

public abstract partial class StateStoreContract
{
    private enum Holder
    {
        NoLeaseAndOwnerLives,
        NoLeaseAndOwnerIsLost,
        LeaseExists,
        LeaseIsRevoked,
        LeaseIsGone,
    }

    [ContractFact]
    public async Task The_region_is_that_of_the_newest_claim()
    {
        var store = await OpenAsync();
        Assert.Equal("", (await ClaimedAsync(store, Id("a"))).Region);
        foreach (var region in (string[])["eu-west", "eu-west", "us-east", "", "ü'; --"])
        {
            var claim = await store.ClaimAsync(NewClaim(Id("a")) with { Region = region });

            Assert.Equal(region, claim.Record.Region);
            Assert.Equal(region, (await SavedAsync(store, claim.Record, "1", ServerStatus.StoppedGraceful)).Region);
            Assert.Equal("a", Assert.Single(await store.ListAsync(new ServerQuery(Counter) { Region = region })).Id.Key);
            Assert.Empty(await store.ListAsync(new ServerQuery(Counter) { Region = region + "x" }));
        }

        var held = await store.ClaimAsync(NewClaim(Id("b")) with { Region = "us-east" });
        Assert.Equal(("us-east", (ServerStatus?)null), (held.Record.Region, held.PreviousStatus));
    }

    [ContractFact]
    public async Task Lists_and_counts_narrow_down_by_every_filter_and_by_all_together()
    {
        var store = await OpenAsync();
        var all = await DirectoryAsync(store);
        var any = new ServerQuery(Counter) { PageSize = 7 };
        await CheckAsync(any);
        foreach (var status in Enum.GetValues<ServerStatus>())
        {
            await CheckAsync(any with { Status = status });
            await CheckAsync(any with { Status = status, KeyPrefix = "a/", IsPermanent = true });
        }

        foreach (var region in (string[])["", "eu", "us", "none", "E", "eu "])
        {
            await CheckAsync(any with { Region = region });
        }

        foreach (var owner in (string[])["node-0", "node-1", "node-", ""])
        {
            await CheckAsync(any with { Owner = owner });
        }

        for (var i = 0; i < 32; i++)
        {
            await CheckAsync(any with
            {
                Status = i % 2 == 0 ? ServerStatus.Running : ServerStatus.Cordoned,
                Region = (i & 2) == 0 ? "eu" : "",
                Owner = (i & 4) == 0 ? "node-0" : "node-1",
                IsPermanent = (i & 8) == 0,
                KeyPrefix = (i & 16) == 0 ? null : "b",
            });
        }

        async Task CheckAsync(ServerQuery query)
        {
            var expected = all.Where(record => Matches(record, query)).ToList();

            Assert.Equal(Sorted(expected.Select(record => record.Id.Key)), (await AllAsync(store, query)).Select(record => record.Id.Key));
            Assert.Equal(expected.CountBy(record => record.Status).ToDictionary(entry => entry.Key, entry => (long)entry.Value), await store.CountAsync(query));
        }
    }

    [ContractFact]
    public async Task A_count_looks_at_no_page()
    {
        var store = await OpenAsync();
        await Together(5, i => ClaimedAsync(store, Id($"key-{i}")));

        Assert.Equal(5, (await store.CountAsync(new ServerQuery(Counter) { AfterKey = "key-3", PageSize = 0 }))[ServerStatus.Running]);
    }

    [ContractFact]
    public async Task Which_records_are_orphans()
    {
        var store = await OpenAsync();
        await store.CreateLeaseAsync(1, "lives", TimeToLive);
        await store.CreateLeaseAsync(2, "revoked", TimeToLive);
        await store.CreateLeaseAsync(3, "gone", TimeToLive);
        var expected = new List<string>();
        foreach (var status in Enum.GetValues<ServerStatus>())
        {
            foreach (var holder in Enum.GetValues<Holder>())
            {
                foreach (var permanent in (bool?[])[true, false, null])
                {
                    var id = Id($"{status}-{holder}-{permanent}");
                    var lease = holder switch
                    {
                        Holder.LeaseExists => 1,
                        Holder.LeaseIsRevoked => 2,
                        Holder.LeaseIsGone => 3,
                        _ => 0,
                    };

                    // The names of owners mean nothing to a record under a lease.
                    var owner = holder is Holder.NoLeaseAndOwnerLives or Holder.LeaseIsGone ? "lives" : "lost";
                    var claim = await store.ClaimAsync(NewClaim(id, owner) with { LeaseId = lease });
                    await KeptAsync(store, Change(claim.Record, "1", status) with { IsPermanent = permanent });
                    var isOrphan = permanent == true && status switch
                    {
                        ServerStatus.StoppedGraceful or ServerStatus.Crashed => true,
                        ServerStatus.Running => holder is Holder.NoLeaseAndOwnerIsLost or Holder.LeaseIsGone,
                        _ => false,
                    };
                    if (isOrphan)
                    {
                        expected.Add(id.Key);
                    }
                }
            }
        }

        await ClaimedAsync(store, Id("of another type", "other"));
        await store.RevokeLeaseAsync(2);
        await store.DeleteLeaseAsync(3);

        Assert.Equal(Sorted(expected), await OrphansAsync(store, new OrphanQuery(Counter) { LiveOwners = ["lives", "lives", "'; --", "somebody"] }));
        Assert.Equal(
            Sorted(expected.Append($"{ServerStatus.Running}-{Holder.NoLeaseAndOwnerLives}-{true}")),
            await OrphansAsync(store, new OrphanQuery(Counter)));
        Assert.Empty(await store.ListOrphansAsync(new OrphanQuery("other")));
    }

    [ContractFact]
    public async Task An_orphan_that_was_claimed_is_none_any_more_until_the_claimants_lease_is_gone()
    {
        var store = await OpenAsync();
        await store.CreateLeaseAsync(1, "node-b", TimeToLive);
        await KeptAsync(store, Change(await ClaimedAsync(store, Id("a")), "1", ServerStatus.StoppedGraceful) with { IsPermanent = true, Crashes = Json("[1]") });

        var orphan = Assert.Single(await store.ListOrphansAsync(new OrphanQuery(Counter)));
        AssertSame((await store.ReadAsync(Id("a")))! with { State = null }, orphan);
        var claim = await store.ClaimAsync(NewClaim(Id("a"), "node-b") with { LeaseId = 1 });
        Assert.Empty(await store.ListOrphansAsync(new OrphanQuery(Counter)));
        Assert.Empty(await store.ListOrphansAsync(new OrphanQuery(Counter) { LostLeases = [2, 3] }));
        Assert.Single(await store.ListOrphansAsync(new OrphanQuery(Counter) { LostLeases = [3, 1, 1] }));
        await store.DeleteLeaseAsync(1);
        Assert.Single(await store.ListOrphansAsync(new OrphanQuery(Counter) { LiveOwners = ["node-b"] }));

        await KeptAsync(store, Change(claim.Record, null) with { IsPermanent = false });
        Assert.Empty(await store.ListOrphansAsync(new OrphanQuery(Counter)));
    }

    [ContractFact]
    public async Task Orphans_come_page_by_page_in_the_order_of_their_keys()
    {
        var store = await OpenAsync();
        await Together(60, async i =>
            await KeptAsync(store, Change(await ClaimedAsync(store, Id($"key-{i * 7 % 60:D2}")), "1", i % 3 == 0 ? ServerStatus.Running : ServerStatus.Crashed) with { IsPermanent = i % 2 == 0 }));
        var expected = Sorted(Enumerable.Range(0, 60).Where(i => i % 3 != 0 && i % 2 == 0).Select(i => $"key-{i * 7 % 60:D2}")).ToList();

        Assert.Equal(expected, await OrphansAsync(store, new OrphanQuery(Counter) { LiveOwners = ["node-a"], PageSize = 3 }));
        Assert.Equal(expected[5..9], (await store.ListOrphansAsync(new OrphanQuery(Counter) { LiveOwners = ["node-a"], AfterKey = expected[4], PageSize = 4 })).Select(record => record.Id.Key));
        foreach (var size in (int[])[-1, 0, 1_001])
        {
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.ListOrphansAsync(new OrphanQuery(Counter) { PageSize = size }));
        }
    }

    private async Task<StoredServer[]> DirectoryAsync(IStateStore store)
    {
        var statuses = Enum.GetValues<ServerStatus>();
        return await Together(90, async i =>
        {
            var claim = await store.ClaimAsync(NewClaim(Id($"{"abc"[i % 3]}/{i * 37 % 90:D2}"), $"node-{i % 2}") with { Region = (i % 4) switch { 0 => "", 1 => "us", _ => "eu" } });
            return await KeptAsync(store, Change(claim.Record, "1", statuses[i * 5 % statuses.Length]) with { IsPermanent = i % 5 < 2 ? true : null });
        });
    }

    private static bool Matches(StoredServer record, ServerQuery query) =>
        (query.Status is null || record.Status == query.Status)
        && (query.Region is null || record.Region == query.Region)
        && (query.Owner is null || record.Owner == query.Owner)
        && (query.IsPermanent is null || record.IsPermanent == query.IsPermanent)
        && record.Id.Key.StartsWith(query.KeyPrefix ?? "", StringComparison.Ordinal);

    private static async Task<List<string>> OrphansAsync(IStateStore store, OrphanQuery query)
    {
        var keys = new List<string>();
        while (true)
        {
            var page = await store.ListOrphansAsync(query);
            keys.AddRange(page.Select(record => record.Id.Key));
            if (page.Count < query.PageSize)
            {
                return keys;
            }

            query = query with { AfterKey = keys[^1] };
        }
    }
}
