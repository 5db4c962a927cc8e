using AkkaDurable.Storage;

namespace AkkaDurable.TestSupport.Storage;

public abstract partial class StateStoreContract
{
    [ContractFact]
    public async Task A_claim_of_nothing_makes_an_empty_record()
    {
        var store = await OpenAsync();

        var result = await store.ClaimAsync(new ClaimRequest(Id("a"), 4711, "node-a", ExplicitStart: false, MaxStateVersion: 1));

        Assert.True(result.Granted);
        Assert.Null(result.PreviousStatus);
        var now = Clock.GetUtcNow();
        var expected = new StoredServer(Id("a"), new ClaimToken(1, 4711), 0, ServerStatus.Running, "node-a", 0, null, now, now);
        AssertSame(expected, result.Record);
        AssertSame(expected, await store.ReadAsync(Id("a")));
    }

    [ContractFact]
    public async Task A_claim_hands_over_what_is_stored()
    {
        var store = await OpenAsync();
        var created = Clock.GetUtcNow();
        var first = await ClaimedAsync(store, Id("a"));
        Clock.Move(TimeSpan.FromSeconds(1));
        await SavedAsync(store, first, """{"n":1}""", ServerStatus.Crashed, version: 3);
        var now = Clock.Move(TimeSpan.FromMilliseconds(10));

        var result = await store.ClaimAsync(new ClaimRequest(Id("a"), -5, "node-b", ExplicitStart: false, MaxStateVersion: 3));

        Assert.True(result.Granted);
        Assert.Equal(ServerStatus.Crashed, result.PreviousStatus);
        var expected = new StoredServer(Id("a"), new ClaimToken(2, -5), 1, ServerStatus.Running, "node-b", 3, Json("""{"n":1}"""), created, now);
        AssertSame(expected, result.Record);
        AssertSame(expected, await store.ReadAsync(Id("a")));
    }

    [ContractFact]
    public async Task Each_claim_counts_the_epoch_up_by_one_and_leaves_the_revision()
    {
        var store = await OpenAsync();
        var record = await SavedAsync(store, await ClaimedAsync(store, Id("a")), "1");

        for (var epoch = 2; epoch <= 6; epoch++)
        {
            var claimed = await store.ClaimAsync(NewClaim(Id("a"), $"node-{epoch}"));

            Assert.Equal(epoch, claimed.Record.Token.Epoch);
            Assert.Equal(record.Revision, claimed.Record.Revision);
            Assert.Equal($"node-{epoch}", claimed.Record.Owner);
            Assert.Equal(ServerStatus.Running, claimed.PreviousStatus);
        }
    }

    [ContractFact]
    public async Task A_claim_with_the_number_of_the_one_before_is_a_new_claim()
    {
        var store = await OpenAsync();
        var request = NewClaim(Id("a"));

        await store.ClaimAsync(request);
        var again = await store.ClaimAsync(request);

        Assert.Equal(2, again.Record.Token.Epoch);
        Assert.Equal(ServerStatus.Running, again.PreviousStatus);
    }

    [ContractFact]
    public async Task The_numbers_of_claims_use_all_64_bits()
    {
        var store = await OpenAsync();
        foreach (var number in (long[])[long.MinValue, long.MaxValue, -1, 1])
        {
            var claimed = await store.ClaimAsync(NewClaim(Id("a")) with { ClaimId = number });

            Assert.Equal(number, claimed.Record.Token.ClaimId);
            Assert.Equal(SaveOutcome.Saved, await store.SaveAsync(Change(claimed.Record, "1")));
        }
    }

    [ContractFact]
    public async Task Which_statuses_may_be_claimed()
    {
        var store = await OpenAsync();
        foreach (var status in Enum.GetValues<ServerStatus>())
        {
            foreach (var explicitStart in (bool[])[false, true])
            {
                var expected = status switch
                {
                    ServerStatus.Running or ServerStatus.StoppedGraceful or ServerStatus.Crashed => true,
                    ServerStatus.StoppedPermanent or ServerStatus.PermanentlyCrashed => explicitStart,
                    ServerStatus.Cordoned or ServerStatus.Deleting => false,
                    _ => throw new InvalidOperationException($"a new status: {status}"),
                };
                var id = Id($"{status}-{explicitStart}");
                var before = await SavedAsync(store, await ClaimedAsync(store, id), """{"n":1}""", status);
                Clock.Move(TimeSpan.FromSeconds(1));

                var result = await store.ClaimAsync(NewClaim(id, "node-b") with { ExplicitStart = explicitStart });

                Assert.True(expected == result.Granted, $"{status}, explicit start {explicitStart}: granted {result.Granted}");
                Assert.Equal(status, result.PreviousStatus);
                if (!expected)
                {
                    AssertSame(before, result.Record);
                    AssertSame(before, await store.ReadAsync(id));
                }
            }
        }
    }

    [ContractFact]
    public async Task After_a_refused_claim_the_owner_goes_on()
    {
        var store = await OpenAsync();
        var record = await SavedAsync(store, await ClaimedAsync(store, Id("a")), "1", ServerStatus.Cordoned);

        Assert.False((await store.ClaimAsync(NewClaim(Id("a"), "node-b"))).Granted);

        Assert.Equal(SaveOutcome.Saved, await store.SaveAsync(Change(record, "2")));
    }

    [ContractFact]
    public async Task A_state_of_a_newer_version_is_not_handed_over()
    {
        var store = await OpenAsync();
        var before = await SavedAsync(store, await ClaimedAsync(store, Id("a")), "1", version: 3);
        Clock.Move(TimeSpan.FromSeconds(1));

        var refused = await store.ClaimAsync(NewClaim(Id("a"), "node-b") with { MaxStateVersion = 2 });
        Assert.False(refused.Granted);
        Assert.Equal(ServerStatus.Running, refused.PreviousStatus);
        AssertSame(before, refused.Record);
        AssertSame(before, await store.ReadAsync(Id("a")));

        Assert.True((await store.ClaimAsync(NewClaim(Id("a")) with { MaxStateVersion = 3 })).Granted);
    }

    [ContractFact]
    public async Task A_record_without_a_state_may_be_claimed_by_any_version()
    {
        var store = await OpenAsync();
        await ClaimedAsync(store, Id("a"));

        Assert.True((await store.ClaimAsync(NewClaim(Id("a")) with { MaxStateVersion = 0 })).Granted);
    }

    [ContractFact]
    public async Task Claims_of_many_records_at_once_are_judged_each_for_itself()
    {
        var store = await OpenAsync();
        var statuses = Enum.GetValues<ServerStatus>();
        var ids = Enumerable.Range(0, 210).Select(i => Id($"key-{i}")).ToArray();

        // Every third record does not exist yet, the others have all the statuses and two versions.
        await Together(ids.Length, async i => i % 3 == 0 || await store.SaveAsync(Change(await ClaimedAsync(store, ids[i]), $"{i}", statuses[i % statuses.Length], version: 1 + (i % 2))) == SaveOutcome.Saved);

        var results = await Together(ids.Length, i => store.ClaimAsync(NewClaim(ids[i], "node-b") with { ExplicitStart = i % 5 == 0, MaxStateVersion = 1 + (i % 4 / 2) }).AsTask());

        for (var i = 0; i < ids.Length; i++)
        {
            var status = statuses[i % statuses.Length];
            var readable = 1 + (i % 2) <= 1 + (i % 4 / 2);
            var granted = i % 3 == 0 || (readable && (status is ServerStatus.Running or ServerStatus.StoppedGraceful or ServerStatus.Crashed
                || (status is ServerStatus.StoppedPermanent or ServerStatus.PermanentlyCrashed && i % 5 == 0)));
            Assert.True(granted == results[i].Granted, $"{ids[i]}, {status}, granted {results[i].Granted}");
            Assert.Equal(i % 3 == 0 ? null : status, results[i].PreviousStatus);
            Assert.Equal(i % 3 == 0 ? null : $"{i}", Text(results[i].Record));
            AssertSame(results[i].Record, await store.ReadAsync(ids[i]));
        }
    }
}
