using System.Text;
using AkkaDurable.Storage;

namespace AkkaDurable.TestSupport.Storage;

public abstract partial class StateStoreContract
{
    private const string TwoCrashes = """[{"at":"2026-03-01T12:00:00Z","reason":"zażółć '; --","node":"node-a"},{"at":"2026-03-01T12:00:01Z","reason":"again","node":"node-b"}]""";

    [ContractFact]
    public async Task A_new_record_is_not_permanent_and_has_not_crashed()
    {
        var store = await OpenAsync();

        AssertKept(await ClaimedAsync(store, Id("a")), permanent: false, crashes: "");
        AssertKept(await store.ReadAsync(Id("a")), permanent: false, crashes: "");
    }

    [ContractFact]
    public async Task Permanence_and_crashes_come_with_claims_reads_and_lists()
    {
        var store = await OpenAsync();
        var record = await ClaimedAsync(store, Id("a"));
        Assert.Equal(SaveOutcome.Saved, await store.SaveAsync(Change(record, "1") with { IsPermanent = true, Crashes = Json(TwoCrashes) }));

        AssertKept(await store.ReadAsync(Id("a")), permanent: true, TwoCrashes);
        AssertKept(Assert.Single(await store.ListAsync(new ServerQuery(Counter))), permanent: true, TwoCrashes);
        AssertKept(Assert.Single(await store.ListAsync(new ServerQuery(Counter) { IncludeState = true })), permanent: true, TwoCrashes);
        AssertKept(await ClaimedAsync(store, Id("a")), permanent: true, TwoCrashes);
        AssertKept(await store.ReadAsync(Id("a")), permanent: true, TwoCrashes);
    }

    [ContractFact]
    public async Task A_save_that_does_not_name_permanence_or_crashes_leaves_them()
    {
        var store = await OpenAsync();
        var record = await ClaimedAsync(store, Id("a"));
        record = await KeptAsync(store, Change(record, "1") with { IsPermanent = true, Crashes = Json(TwoCrashes), RecentCalls = Json("calls") });

        record = await KeptAsync(store, Change(record, "2"));
        AssertKept(record, permanent: true, TwoCrashes);
        record = await KeptAsync(store, Change(record, null) with { RecentCalls = Json("more") });
        AssertKept(record, permanent: true, TwoCrashes);
        record = await KeptAsync(store, Change(record, null) with { Crashes = Json("[]") });
        AssertKept(record, permanent: true, "[]");
        record = await KeptAsync(store, Change(record, null) with { IsPermanent = false });
        AssertKept(record, permanent: false, "[]");

        // And these leave the state and the calls.
        Assert.Equal("2", Text(record));
        Assert.Equal("more", Encoding.UTF8.GetString(record.RecentCalls.Span));
        Assert.Equal(1, record.StateVersion);
        AssertKept(await KeptAsync(store, Change(record, null) with { Crashes = Json("") }), permanent: false, "");
    }

    [ContractFact]
    public async Task Permanence_and_crashes_outlive_every_status_and_the_claim_after_it()
    {
        var store = await OpenAsync();
        foreach (var status in Enum.GetValues<ServerStatus>().Except([ServerStatus.Deleting]))
        {
            var id = Id($"{status}");
            var record = await KeptAsync(store, Change(await ClaimedAsync(store, id), "1") with { IsPermanent = true });
            record = await KeptAsync(store, Change(record, null, ServerStatus.Crashed) with { Crashes = Json(TwoCrashes) });
            record = await SavedAsync(store, record, null, status);
            AssertKept(record, permanent: true, TwoCrashes);

            var claim = await store.ClaimAsync(NewClaim(id, "node-b") with { EvenCordoned = true });

            Assert.True(claim.Granted);
            AssertKept(claim.Record, permanent: true, TwoCrashes);
            Assert.Equal("1", Text(claim.Record));
        }
    }

    [ContractFact]
    public async Task A_record_that_is_made_anew_is_not_permanent_and_has_not_crashed()
    {
        var store = await OpenAsync();
        var record = await KeptAsync(store, Change(await ClaimedAsync(store, Id("a")), "1") with { IsPermanent = true, Crashes = Json(TwoCrashes) });
        Assert.Equal(SaveOutcome.Saved, await store.DeleteAsync(record.Id, record.Token));

        AssertKept(await ClaimedAsync(store, Id("a")), permanent: false, crashes: "");
        AssertKept(await store.ReadAsync(Id("a")), permanent: false, crashes: "");
        Assert.Empty(await store.ListAsync(new ServerQuery(Counter) { IsPermanent = true }));
    }

    [ContractFact]
    public async Task A_stale_owner_changes_neither_permanence_nor_crashes()
    {
        var store = await OpenAsync();
        var stale = await ClaimedAsync(store, Id("a"));
        var record = await KeptAsync(store, Change(await ClaimedAsync(store, Id("a")), "1") with { IsPermanent = true, Crashes = Json("[]") });

        Assert.Equal(SaveOutcome.Conflict, await store.SaveAsync(Change(stale, "2") with { IsPermanent = false, Crashes = Json(TwoCrashes) }));
        Assert.Equal(SaveOutcome.Conflict, await store.SaveAsync(Change(record with { Revision = 0 }, null) with { IsPermanent = false }));

        AssertSame(record, await store.ReadAsync(Id("a")));
    }

    [ContractFact]
    public async Task Saves_of_all_kinds_at_once_are_each_answered_for_themselves()
    {
        var store = await OpenAsync();
        const int Count = 200;
        var records = await Together(Count, i => ClaimedAsync(store, Id($"key-{i:D3}")));

        var outcomes = await Together(Count, i => store.SaveAsync(SaveOf(i)).AsTask());

        for (var i = 0; i < Count; i++)
        {
            var saved = i % 7 != 0;
            Assert.True(outcomes[i] == (saved ? SaveOutcome.Saved : SaveOutcome.Conflict), $"{i}: {outcomes[i]}");
            var stored = await store.ReadAsync(records[i].Id);
            AssertKept(stored, permanent: saved && (i % 5 is 1 or 3), crashes: saved && (i % 5 is 2 or 3) ? $"[{i}]" : "");
            Assert.Equal(saved && i % 5 != 4 ? $"{i}" : null, Text(stored));
        }

        // Every seventh is stale, every fifth leaves the state, and some change nothing but that.
        SaveRequest SaveOf(int i) => Change(records[i] with { Revision = i % 7 == 0 ? 5 : 0 }, i % 5 == 4 ? null : $"{i}") with
        {
            IsPermanent = i % 5 is 1 or 3 ? true : null,
            Crashes = i % 5 is 2 or 3 ? Json($"[{i}]") : null,
        };
    }

    [ContractFact]
    public async Task What_the_caller_does_to_the_buffer_of_crashes_after_a_save_changes_nothing()
    {
        var store = await OpenAsync();
        var buffer = Encoding.UTF8.GetBytes(new string('c', 64 * 1024));
        var record = await ClaimedAsync(store, Id("a"));
        Assert.Equal(SaveOutcome.Saved, await store.SaveAsync(Change(record, null) with { Crashes = buffer }));

        Array.Clear(buffer);

        AssertKept(await store.ReadAsync(Id("a")), permanent: false, new string('c', 64 * 1024));
        AssertKept(await KeptAsync(store, Change(record with { Revision = 1 }, "1")), permanent: false, new string('c', 64 * 1024));
    }

    private static async Task<StoredServer> KeptAsync(IStateStore store, SaveRequest request)
    {
        Assert.Equal(SaveOutcome.Saved, await store.SaveAsync(request));
        return Assert.IsType<StoredServer>(await store.ReadAsync(request.Id));
    }

    private static void AssertKept(StoredServer? record, bool permanent, string crashes)
    {
        Assert.NotNull(record);
        Assert.Equal((permanent, crashes), (record.IsPermanent, Crashes(record)));
    }
}
