using System.Text;
using AkkaDurable.Storage;

namespace AkkaDurable.TestSupport.Storage;

public abstract partial class StateStoreContract
{
    /// <summary>Keys that a careless store would mix up, cut off or choke on.</summary>
    private static readonly string[] OddKeys =
    [
        "a", "A", "ä", "a\u0308", "å", "Z", "z", "ß", "ss", "İ", "i", "ı",
        "/", "#", "%2F", "%", "_", "%%", "a%", "a_", "a_b", "aXb", "a%b", "\\", "\\%", "[a-z]", "*", "?", "../x", "..", ".",
        "'; drop table", "'; DROP TABLE durable_servers; --", "\"", "`", "''", "$1", "@key", ":key", "{0}", "null", "NULL", "",
        " ", "  ", "a ", " a", "a  ", "a\u00a0", "\u200b", "\ufeff", "\u00ad",
        "emoji 😀", "👩‍👩‍👧", "日本語", "العربية", "עברית", "\ue000", "\uffff", "\ud7ff", "\U00010000", "\U0010ffff", "a\U0010ffff", "a\U0010ffffb", "b",
        "-1", "1", "01", "1.0", "1e3",
    ];

    [ContractFact]
    public async Task Odd_keys_come_back_and_stay_apart()
    {
        var store = await OpenAsync();
        var keys = OddKeys.Where(key => key.Length > 0).Append(new string('k', 512)).Append(new string('k', 511)).ToArray();
        var records = await Together(keys.Length, i => ClaimedAsync(store, Id(keys[i])));
        for (var i = 0; i < keys.Length; i++)
        {
            Assert.Equal(1, records[i].Token.Epoch);
            Assert.Equal(SaveOutcome.Saved, await store.SaveAsync(Change(records[i], $"{i}")));
        }

        for (var i = 0; i < keys.Length; i++)
        {
            Assert.Equal($"{i}", Text(await store.ReadAsync(Id(keys[i]))));
        }

        var listed = await AllAsync(store, new ServerQuery(Counter) { PageSize = 7 });
        Assert.Equal(Sorted(keys), listed.Select(record => record.Id.Key));

        var outcomes = await Together(keys.Length, i => i % 2 == 0 ? store.DeleteAsync(records[i].Id, records[i].Token).AsTask() : Task.FromResult(SaveOutcome.Conflict));
        Assert.Equal((keys.Length + 1) / 2, outcomes.Count(outcome => outcome == SaveOutcome.Saved));
        Assert.Equal(Sorted(keys.Where((_, i) => i % 2 != 0)), (await AllAsync(store, new ServerQuery(Counter))).Select(record => record.Id.Key));
    }

    [ContractFact]
    public async Task Types_are_kept_apart()
    {
        var store = await OpenAsync();
        string[] types = ["counter", "Counter", "counter ", "count", "counter/", "cart", "'"];
        for (var i = 0; i < types.Length; i++)
        {
            await SavedAsync(store, await ClaimedAsync(store, Id("a", types[i])), $"{i}");
        }

        for (var i = 0; i < types.Length; i++)
        {
            var record = Assert.Single(await store.ListAsync(new ServerQuery(types[i]) { IncludeState = true }));
            Assert.Equal(Id("a", types[i]), record.Id);
            Assert.Equal($"{i}", Text(record));
            Assert.Equal(1, Assert.Single(await store.CountAsync(new ServerQuery(types[i]))).Value);
        }

        Assert.Empty(await store.ListAsync(new ServerQuery("none")));
        Assert.Empty(await store.CountAsync(new ServerQuery("none")));
    }

    [ContractFact]
    public async Task A_prefix_is_taken_literally()
    {
        var store = await OpenAsync();
        var keys = OddKeys.Where(key => key.Length > 0).ToArray();
        await Together(keys.Length, i => ClaimedAsync(store, Id(keys[i])));
        foreach (var prefix in OddKeys)
        {
            var expected = Sorted(keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)));

            var listed = await AllAsync(store, new ServerQuery(Counter) { KeyPrefix = prefix, PageSize = 3 });

            Assert.True(expected.SequenceEqual(listed.Select(record => record.Id.Key)), $"prefix '{prefix}': {string.Join(" | ", listed.Select(record => record.Id.Key))}");
        }
    }

    [ContractFact]
    public async Task A_page_holds_what_matches_and_no_more_than_asked_for()
    {
        var store = await OpenAsync();
        for (var i = 0; i < 10; i++)
        {
            await SavedAsync(store, await ClaimedAsync(store, Id($"key-{i}")), $"{i}", i % 2 == 0 ? ServerStatus.Crashed : ServerStatus.Running, version: i + 1);
        }

        Assert.Equal(10, (await store.ListAsync(new ServerQuery(Counter))).Count);
        Assert.Equal(["key-0", "key-1", "key-2"], await Keys(new ServerQuery(Counter) { PageSize = 3 }));
        Assert.Equal(["key-3", "key-4", "key-5"], await Keys(new ServerQuery(Counter) { PageSize = 3, AfterKey = "key-2" }));
        Assert.Equal(["key-9"], await Keys(new ServerQuery(Counter) { PageSize = 3, AfterKey = "key-8" }));
        Assert.Empty(await Keys(new ServerQuery(Counter) { AfterKey = "key-9" }));
        Assert.Equal(["key-4", "key-6"], await Keys(new ServerQuery(Counter) { PageSize = 2, AfterKey = "key-2", Status = ServerStatus.Crashed }));
        Assert.Equal(["key-5", "key-7", "key-9"], await Keys(new ServerQuery(Counter) { KeyPrefix = "key", AfterKey = "key-4", Status = ServerStatus.Running }));
        Assert.Empty(await Keys(new ServerQuery(Counter) { Status = ServerStatus.Cordoned }));
        Assert.Empty(await Keys(new ServerQuery(Counter) { KeyPrefix = "key-0", AfterKey = "key-1" }));

        async Task<IEnumerable<string>> Keys(ServerQuery query) => (await store.ListAsync(query)).Select(record => record.Id.Key);
    }

    [ContractFact]
    public async Task A_listed_record_is_the_stored_one_with_its_state_only_when_asked_for()
    {
        var store = await OpenAsync();
        var record = await SavedAsync(store, await ClaimedAsync(store, Id("a")), """{"n":1}""", ServerStatus.Crashed, version: 4);
        var empty = await ClaimedAsync(store, Id("b"));

        var without = await store.ListAsync(new ServerQuery(Counter));
        Assert.Equal([record with { State = null }, empty], without);

        var with = await store.ListAsync(new ServerQuery(Counter) { IncludeState = true });
        Assert.Equal(2, with.Count);
        AssertSame(record, with[0]);
        AssertSame(empty, with[1]);
    }

    [ContractFact]
    public async Task Paging_meets_every_record_once_while_others_come_and_go()
    {
        var store = await OpenAsync();
        var records = await Together(100, i => ClaimedAsync(store, Id($"key-{i * 10:D4}")));
        var seen = new List<string>();
        string? after = null;
        for (var page = 0; ; page++)
        {
            var listed = await store.ListAsync(new ServerQuery(Counter) { PageSize = 9, AfterKey = after });
            seen.AddRange(listed.Select(record => record.Id.Key));
            if (listed.Count < 9)
            {
                break;
            }

            after = listed[^1].Id.Key;

            // One before the page's end goes, one before and one after it come.
            var goes = records.Single(record => record.Id.Key == listed[3].Id.Key);
            Assert.Equal(SaveOutcome.Saved, await store.DeleteAsync(goes.Id, goes.Token));
            await ClaimedAsync(store, Id(listed[4].Id.Key + "-before"));
            await ClaimedAsync(store, Id(after + "-after"));
        }

        Assert.Equal(seen.Distinct().Count(), seen.Count);
        Assert.Empty(records.Select(record => record.Id.Key).Except(seen));
        Assert.Contains(seen, key => key.EndsWith("-after", StringComparison.Ordinal));
        Assert.DoesNotContain(seen, key => key.EndsWith("-before", StringComparison.Ordinal));
    }

    [ContractFact]
    public async Task A_page_size_out_of_range_is_refused()
    {
        var store = await OpenAsync();
        foreach (var size in (int[])[int.MinValue, -1, 0, 1_001, int.MaxValue])
        {
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.ListAsync(new ServerQuery(Counter) { PageSize = size }));
        }

        Assert.Empty(await store.ListAsync(new ServerQuery(Counter) { PageSize = 1 }));
        Assert.Empty(await store.ListAsync(new ServerQuery(Counter) { PageSize = 1_000 }));
    }

    [ContractFact]
    public async Task Counts_are_by_status_and_leave_out_what_does_not_occur()
    {
        var store = await OpenAsync();
        var statuses = Enum.GetValues<ServerStatus>();
        foreach (var status in statuses.Except([ServerStatus.Deleting]))
        {
            for (var i = 0; i <= (int)status; i++)
            {
                await SavedAsync(store, await ClaimedAsync(store, Id($"{status}-{i}")), null, status);
            }
        }

        var gone = await ClaimedAsync(store, Id("gone"));
        await store.DeleteAsync(gone.Id, gone.Token);

        var counts = await store.CountAsync(new ServerQuery(Counter));

        Assert.Equal(statuses.Except([ServerStatus.Deleting]).ToDictionary(status => status, status => (long)status + 1), counts);
    }

    [ContractFact]
    public async Task What_does_not_exist_is_read_as_nothing()
    {
        var store = await OpenAsync();
        await ClaimedAsync(store, Id("a"));

        Assert.Null(await store.ReadAsync(Id("b")));
        Assert.Null(await store.ReadAsync(Id("a", "other")));
    }

    private static async Task<List<StoredServer>> AllAsync(IStateStore store, ServerQuery query)
    {
        var all = new List<StoredServer>();
        while (true)
        {
            var page = await store.ListAsync(query);
            all.AddRange(page);
            if (page.Count < query.PageSize)
            {
                return all;
            }

            query = query with { AfterKey = page[^1].Id.Key };
        }
    }

    /// <summary>The order that is promised, computed from the bytes themselves.</summary>
    private static IEnumerable<string> Sorted(IEnumerable<string> keys) => keys.OrderBy(key => Convert.ToHexString(Encoding.UTF8.GetBytes(key)), StringComparer.Ordinal);
}
