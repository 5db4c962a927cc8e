using AkkaDurable.Storage;
using AkkaDurable.TestSupport.Storage;
using Microsoft.Extensions.Time.Testing;

namespace AkkaDurable.Journal.Tests.Storage;

public abstract partial class JournalStoreContract
{
    private static readonly TimeSpan TrimDelay = TimeSpan.FromSeconds(61);

    [ContractFact]
    public async Task Old_events_are_deleted_a_minute_later_and_the_record_stays()
    {
        var time = new FakeTimeProvider();
        await using var store = await OpenAsync(database.Start(), time, trimAfter: 10);
        var record = await SavedOftenAsync(store, await ClaimedAsync(store, "a"), 30);
        Assert.Equal(31L, await EventsAsync("a"));

        time.Advance(TrimDelay);
        await Eventually.TrueAsync(async () => await EventsAsync("a") < 25, "events are trimmed");

        Assert.Equal("30", Text(await store.ReadAsync(record.Id)));
        Assert.Equal(SaveOutcome.Saved, await SaveAsync(store, record, "31"));
        Assert.Equal(31, (await ClaimedAsync(store, "a")).Revision);
    }

    [ContractFact]
    public async Task A_stale_owner_that_comes_upon_a_trimmed_stream_is_not_acknowledged()
    {
        // Its next sequence number is free again: the insert itself succeeds.
        var (timeA, timeB) = (new FakeTimeProvider(), new FakeTimeProvider());
        await using var a = await OpenAsync(database.Start(), timeA, trimAfter: 10);
        await using var b = await OpenAsync(database.Start(), timeB, trimAfter: 10);
        var stale = await ClaimedAsync(a, "a");
        var record = await SavedOftenAsync(b, await ClaimedAsync(b, "a"), 30);
        timeB.Advance(TrimDelay);
        await Eventually.TrueAsync(async () => await EventsAsync("a") < 25, "events are trimmed");
        timeA.Advance(TrimDelay);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => SaveAsync(a, stale, "\"stale\""));
        Assert.Equal(SaveOutcome.Conflict, await SaveAsync(a, stale, "\"stale\""));

        Assert.Equal("30", Text(await a.ReadAsync(record.Id)));
        Assert.Equal(SaveOutcome.Saved, await SaveAsync(b, record, "31"));
        Assert.Equal(31, (await ClaimedAsync(a, "a")).Revision);
    }

    [ContractFact]
    public async Task A_deleted_record_leaves_one_event_and_no_entry_in_the_index()
    {
        var time = new FakeTimeProvider();
        await using var store = await OpenAsync(database.Start(), time);
        var record = await SavedOftenAsync(store, await ClaimedAsync(store, "a"), 5);
        await store.DeleteAsync(record.Id, record.Token);
        Assert.Equal(7L, await EventsAsync("a"));

        time.Advance(TrimDelay);
        await Eventually.TrueAsync(async () => await EventsAsync("a") == 1, "the events of a deleted record are trimmed");

        Assert.Null(await store.ReadAsync(record.Id));
        Assert.Equal(SaveOutcome.Conflict, await SaveAsync(store, record, "\"stale\""));
        Assert.Equal(1, (await ClaimedAsync(store, "a")).Token.Epoch);
        Assert.Single(await store.ListAsync(new ServerQuery("counter")));
    }

    [ContractFact]
    public async Task What_a_process_that_died_did_not_clean_up_is_cleaned_up_by_the_next_that_lists()
    {
        var time = new FakeTimeProvider();
        await using (var first = await OpenAsync(database.Start(), time))
        {
            var record = await SavedOftenAsync(first, await ClaimedAsync(first, "a"), 5);
            await first.DeleteAsync(record.Id, record.Token);
        }

        await using var second = await OpenAsync(database.Start(), time);
        Assert.Empty(await second.ListAsync(new ServerQuery("counter")));
        Assert.Equal(7L, await EventsAsync("a"));

        time.Advance(TrimDelay);
        await Eventually.TrueAsync(async () => await EventsAsync("a") == 1, "the events of a deleted record are trimmed");
    }

    private static async Task<StoredServer> SavedOftenAsync(IStateStore store, StoredServer record, int count)
    {
        for (var i = 1; i <= count; i++)
        {
            Assert.Equal(SaveOutcome.Saved, await SaveAsync(store, record, $"{i}"));
            record = record with { Revision = record.Revision + 1 };
        }

        return record;
    }

    // The plugin keeps the last one that it deleted, marked as such.
    private async Task<long> EventsAsync(string key) =>
        Convert.ToInt64(await database.SqlAsync($"SELECT COUNT(*) FROM journal WHERE persistence_id = '{Ids.Record(Id(key))}' AND NOT deleted"));
}
