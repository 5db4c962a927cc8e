using AkkaDurable.Placement;
using AkkaDurable.Storage;

namespace AkkaDurable.TestSupport.Storage;

public abstract partial class StateStoreContract
{
    /// <summary>Whether the store keeps the places of shards.</summary>
    protected virtual bool KeepsPlaces => true;

    [ContractFact]
    public async Task Places_of_shards_come_back_after_the_store_was_opened_anew()
    {
        if (await HistoryAsync() is not { } history)
        {
            return;
        }

        PlacementRecord[] records =
        [
            Placed("eu-west~7", "eu-west", 3, Place("akka.tcp://shop@a:1", new("us-east"), PlacementReason.Fallback), Place("akka.tcp://shop@b:2", new("eu-west", "eu-west-1a", "m1", new Dictionary<string, string> { ["disk"] = "ssd" }), PlacementReason.FirstPlacement)),
            Placed("12", "us-east", 1),
        ];
        await history.RecordAsync(Counter, records, CancellationToken.None);

        AssertSame(records, await (await HistoryAsync())!.LoadAsync(Counter, CancellationToken.None));
        Assert.Empty(await history.LoadAsync("other", CancellationToken.None));
    }

    [ContractFact]
    public async Task A_record_of_places_that_knows_less_is_passed_over()
    {
        if (await HistoryAsync() is not { } history)
        {
            return;
        }

        var newer = Placed("1", "eu", 5, Place("akka.tcp://shop@a:1", new("eu"), PlacementReason.Near));
        await history.RecordAsync(Counter, [newer], CancellationToken.None);
        await history.RecordAsync(Counter, [Placed("1", "us", 4), Placed("2", "us", 1)], CancellationToken.None);
        await history.RecordAsync(Counter, [Placed("1", "us", 5)], CancellationToken.None);

        AssertSame([newer, Placed("2", "us", 1)], await history.LoadAsync(Counter, CancellationToken.None));
    }

    [ContractFact]
    public async Task Of_many_writers_of_places_the_one_that_knows_most_wins()
    {
        if (await HistoryAsync() is not { } history)
        {
            return;
        }

        await Together(16, async i =>
        {
            await history.RecordAsync(Counter, [.. Enumerable.Range(0, 20).OrderBy(shard => (shard * 7) + i).Select(shard => Placed($"{shard}", "eu", i + 1))], CancellationToken.None);
            return true;
        });

        AssertSame(Enumerable.Range(0, 20).Select(shard => Placed($"{shard}", "eu", 16)), await history.LoadAsync(Counter, CancellationToken.None));
    }

    private async Task<IPlacementHistory?> HistoryAsync()
    {
        var history = (await OpenAsync()).PlacementHistory;
        Assert.Equal(KeepsPlaces, history is not null);
        return history;
    }

    private static PlacementRecord Placed(string shard, string home, long version, params PlacementEntry[] entries) => new(shard, home, version, [.. entries]);

    private static PlacementEntry Place(string node, NodeLocation location, PlacementReason reason) =>
        new(node, location, new DateTimeOffset(2026, 3, 1, 12, 0, 0, 250, TimeSpan.Zero), reason == PlacementReason.Fallback ? null : new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero), reason);

    private static void AssertSame(IEnumerable<PlacementRecord> expected, IEnumerable<PlacementRecord> actual)
    {
        static IEnumerable<string> Lines(IEnumerable<PlacementRecord> records) =>
            records.OrderBy(static record => record.Shard, StringComparer.Ordinal).Select(static record => $"{record.Shard} {record.HomeRegion} {record.Version} {string.Join("; ", record.Entries)} {string.Join("; ", record.Entries.Select(static entry => entry.Location.ToString()))}");
        Assert.Equal(Lines(expected), Lines(actual));
    }
}
