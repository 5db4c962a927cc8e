using System.Text;
using Akka.Actor;
using Akka.Persistence;
using AkkaDurable.Journal.Internal.Plugin;
using AkkaDurable.Journal.Internal.Protocol;
using AkkaDurable.Journal.Internal.Streams;
using AkkaDurable.Journal.Tests.Databases;
using AkkaDurable.Storage;
using AkkaDurable.TestSupport.Storage;

namespace AkkaDurable.Journal.Tests.Storage;

/// <summary>What the journal store does on every kind of database, beyond what every store does.</summary>
public abstract partial class JournalStoreContract(JournalDatabase database)
{
    private readonly string _prefix = database.NewPrefix();
    private long _lastClaim;

    private PersistenceIds Ids => new(_prefix);

    [ContractFact]
    public async Task Events_of_a_server_that_went_from_A_to_B_and_back_are_all_there()
    {
        var (systemA, systemB, systemC) = (database.Start(), database.Start(), database.Start());
        await using var a = await OpenAsync(systemA);
        await using var b = await OpenAsync(systemB);
        var count = 0;
        foreach (var store in (IStateStore[])[a, b, a, b])
        {
            var record = await ClaimedAsync(store, "k");
            for (var i = 0; i < 5; i++)
            {
                Assert.Equal(SaveOutcome.Saved, await SaveAsync(store, record with { Revision = record.Revision + i }, $"{++count}"));
            }
        }

        await using var c = await OpenAsync(systemC);
        var seen = await ClaimedAsync(c, "k");
        Assert.Equal("20", Text(seen));
        Assert.Equal(20, seen.Revision);
        Assert.Equal(25, (await ReplayAsync(systemC, PluginConfig.Records)).Count);

        // The app's own plugin, with Akka's defaults, is what this is about: it leaves events out, and says nothing but a warning.
        Assert.InRange((await ReplayAsync(systemC, "akka.persistence.journal.sql")).Count, 1, 24);
    }

    [ContractFact]
    public async Task A_setting_that_would_lose_events_or_take_the_node_down_is_refused()
    {
        (string Setting, string Value, string Said)[] refused =
        [
            ("replay-filter.mode", "repair-by-discard-old", "repair-by-discard-old"),
            ("replay-filter.mode", "warn", "warn"),
            ("circuit-breaker.max-failures", "10", "10"),
            ("circuit-breaker.reset-timeout", "30s", "00:00:30"),
            ("batch-size", "1000", "1000"),
        ];
        foreach (var (setting, value, said) in refused)
        {
            await using var store = Create(database.Start($"akka-durable.journal.records.{setting} = {value}"));

            var refusal = await Assert.ThrowsAsync<DurableConfigurationException>(() => store.PrepareAsync());

            Assert.StartsWith($"akka-durable.journal.records.{setting} = {said} is not allowed: ", refusal.Message, StringComparison.Ordinal);
        }
    }

    [ContractFact]
    public async Task A_plugin_that_is_not_configured_is_refused()
    {
        await using var store = JournalStateStore.Create(database.Start(), new JournalStateStoreOptions { PluginId = "akka.persistence.journal.none" });

        var refusal = await Assert.ThrowsAsync<DurableConfigurationException>(() => store.PrepareAsync());

        Assert.StartsWith("JournalStateStoreOptions.PluginId = akka.persistence.journal.none", refusal.Message, StringComparison.Ordinal);
    }

    [ContractFact]
    public async Task A_conflict_leaves_its_neighbours_stored_and_the_next_saves_go_on_at_once()
    {
        const int Count = 50;
        await using var a = await OpenAsync(database.Start());
        await using var b = await OpenAsync(database.Start());
        var records = await Task.WhenAll(Enumerable.Range(0, Count).Select(i => ClaimedAsync(a, $"key-{i}")));

        // With the plugin's defaults the first round would fail 49 and open the breaker for half a minute, and the tenth even alone.
        for (var round = 0; round < 12; round++)
        {
            await ClaimedAsync(b, records[round].Id.Key);
            var outcomes = await Task.WhenAll(records.Select(record => SaveAsync(a, record, $"{round}")));

            for (var i = 0; i < Count; i++)
            {
                Assert.True(outcomes[i] == (i == round ? SaveOutcome.Conflict : SaveOutcome.Saved), $"round {round}, key-{i}: {outcomes[i]}");
            }

            records = [.. records.Select(record => record with { Revision = record.Revision + 1 })];
            records[round] = await ClaimedAsync(a, records[round].Id.Key);
        }
    }

    [ContractFact]
    public async Task Two_nodes_that_hammer_the_same_keys_lose_nothing()
    {
        IStateStore[] stores = [await OpenAsync(database.Start()), await OpenAsync(database.Start())];
        var acknowledged = new int[8];
        var conflicts = 0;
        await Task.WhenAll(acknowledged.Select((_, key) => Task.Run(async () =>
        {
            for (var turn = 0; turn < 6; turn++)
            {
                // Both believe that they own it; one of them is right.
                var records = await Task.WhenAll(stores.Select(store => ClaimedAsync(store, $"{key}")));
                await Task.WhenAll(stores.Select((store, node) => SaveUntilConflictAsync(store, records[node], key)));
            }
        })));

        Assert.Equal(6 * acknowledged.Length, conflicts);
        for (var key = 0; key < acknowledged.Length; key++)
        {
            Assert.Equal($"{acknowledged[key]}", Text(await stores[key % 2].ReadAsync(Id($"{key}"))));
        }

        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }

        async Task SaveUntilConflictAsync(IStateStore store, StoredServer record, int key)
        {
            var count = int.Parse(Text(record) ?? "0");
            for (var save = 0; save < 5; save++)
            {
                if (await SaveAsync(store, record with { Revision = record.Revision + save }, $"{++count}") == SaveOutcome.Conflict)
                {
                    Interlocked.Increment(ref conflicts);
                    return;
                }

                Interlocked.Increment(ref acknowledged[key]);
            }
        }
    }

    [ContractFact]
    public async Task Everything_survives_a_restart()
    {
        var first = database.Start();
        var before = await OpenAsync(first);
        var record = await ClaimedAsync(before, "a");
        await SaveAsync(before, record, "1");
        var gone = await ClaimedAsync(before, "gone");
        await before.DeleteAsync(gone.Id, gone.Token);
        await before.RegisterTypeAsync("counter", 64);
        await before.CreateLeaseAsync(77, "node", TimeSpan.FromSeconds(5));
        Assert.True(await before.RenewLeaseAsync(77));
        await first.Terminate();
        await before.DisposeAsync();

        await using var after = await OpenAsync(database.Start());

        Assert.Equal("1", Text(await after.ReadAsync(record.Id)));
        Assert.Equal("a", Assert.Single(await after.ListAsync(new ServerQuery("counter"))).Id.Key);
        Assert.Equal(64, await after.RegisterTypeAsync("counter", 32));
        Assert.Equal(new NodeLease(77, "node", TimeSpan.FromSeconds(5), 1, false), Assert.Single(await after.ListLeasesAsync()));
        Assert.Equal(SaveOutcome.Saved, await SaveAsync(after, record with { Revision = 1 }, "2"));
        Assert.Equal(SaveOutcome.Conflict, await SaveAsync(after, gone, "2"));
    }

    private static ServerId Id(string key) => new("counter", key);

    private static string? Text(StoredServer? record) => record?.State is { } state ? Encoding.UTF8.GetString(state.Span) : null;

    private static Task<SaveOutcome> SaveAsync(IStateStore store, StoredServer record, string state) =>
        store.SaveAsync(new SaveRequest(record.Id, record.Token, record.Revision, ServerStatus.Running, 1, Encoding.UTF8.GetBytes(state))).AsTask();

    private async Task<StoredServer> ClaimedAsync(IStateStore store, string key)
    {
        var claim = await store.ClaimAsync(new ClaimRequest(Id(key), Interlocked.Increment(ref _lastClaim), "node", ExplicitStart: true, MaxStateVersion: 1));
        Assert.True(claim.Granted);
        return claim.Record;
    }

    private JournalStateStore Create(ActorSystem system, TimeProvider? time = null, int trimAfter = 100) =>
        JournalStateStore.Create(system, new JournalStateStoreOptions { PersistenceIdPrefix = _prefix, TrimAfter = trimAfter }, time);

    private async Task<JournalStateStore> OpenAsync(ActorSystem system, TimeProvider? time = null, int trimAfter = 100)
    {
        var store = Create(system, time, trimAfter);
        await store.PrepareAsync();
        return store;
    }

    private async Task<IReadOnlyList<StoredEvent>> ReplayAsync(ActorSystem system, string pluginId)
    {
        Persistence.Instance.Apply(system);
        var journal = new JournalClient((ExtendedActorSystem)system, pluginId, new JournalStateStoreOptions(), TimeProvider.System, CancellationToken.None);
        return await journal.ReadAsync(Ids.Record(Id("k")), 1, long.MaxValue);
    }
}
