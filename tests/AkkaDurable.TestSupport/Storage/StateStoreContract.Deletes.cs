using AkkaDurable.Storage;

namespace AkkaDurable.TestSupport.Storage;

public abstract partial class StateStoreContract
{
    [ContractFact]
    public async Task A_delete_by_the_owner_removes_the_record_whatever_its_revision()
    {
        var store = await OpenAsync();
        var record = await ClaimedAsync(store, Id("a"));
        var neighbour = await ClaimedAsync(store, Id("b"));
        await SavedAsync(store, record, "1");

        Assert.Equal(SaveOutcome.Saved, await store.DeleteAsync(record.Id, record.Token));

        Assert.Null(await store.ReadAsync(record.Id));
        AssertSame(neighbour, await store.ReadAsync(Id("b")));
    }

    [ContractFact]
    public async Task A_delete_by_anybody_else_conflicts()
    {
        var store = await OpenAsync();
        var old = await ClaimedAsync(store, Id("a"));
        var record = await ClaimedAsync(store, Id("a"));

        Assert.Equal(SaveOutcome.Conflict, await store.DeleteAsync(Id("a"), old.Token));
        Assert.Equal(SaveOutcome.Conflict, await store.DeleteAsync(Id("a"), record.Token with { ClaimId = old.Token.ClaimId }));
        Assert.Equal(SaveOutcome.Conflict, await store.DeleteAsync(Id("a"), record.Token with { Epoch = old.Token.Epoch }));
        Assert.Equal(SaveOutcome.Conflict, await store.DeleteAsync(Id("A"), record.Token));

        AssertSame(record, await store.ReadAsync(Id("a")));
    }

    [ContractFact]
    public async Task A_delete_of_nothing_conflicts()
    {
        var store = await OpenAsync();
        var record = await ClaimedAsync(store, Id("a"));
        Assert.Equal(SaveOutcome.Saved, await store.DeleteAsync(record.Id, record.Token));

        Assert.Equal(SaveOutcome.Conflict, await store.DeleteAsync(record.Id, record.Token));
        Assert.Equal(SaveOutcome.Conflict, await store.DeleteAsync(Id("never"), new ClaimToken(1, 1)));
    }

    [ContractFact]
    public async Task A_record_that_is_made_anew_starts_from_nothing()
    {
        var store = await OpenAsync();
        var record = await SavedAsync(store, await ClaimedAsync(store, Id("a")), "1", ServerStatus.Cordoned, version: 9);
        Assert.Equal(SaveOutcome.Saved, await store.DeleteAsync(record.Id, record.Token));
        var now = Clock.Move(TimeSpan.FromSeconds(1));

        var result = await store.ClaimAsync(new ClaimRequest(Id("a"), 4711, "node-b", ExplicitStart: false, MaxStateVersion: 1));

        Assert.True(result.Granted);
        Assert.Null(result.PreviousStatus);
        AssertSame(new StoredServer(Id("a"), new ClaimToken(1, 4711), 0, ServerStatus.Running, "node-b", 0, null, now, now), result.Record);
    }

    [ContractFact]
    public async Task An_old_token_never_works_again_not_even_on_a_record_that_was_made_anew()
    {
        var store = await OpenAsync();
        var old = new List<StoredServer>();
        for (var life = 0; life < 4; life++)
        {
            var current = await ClaimedAsync(store, Id("a"));
            old.Add(current);
            current = await ClaimedAsync(store, Id("a"));
            for (var save = 0; save < 3; save++)
            {
                old.Add(current with { Token = current.Token with { ClaimId = old[0].Token.ClaimId } });
                foreach (var stale in old)
                {
                    Assert.Equal(SaveOutcome.Conflict, await store.SaveAsync(Change(stale, "\"stale\"")));
                    Assert.Equal(SaveOutcome.Conflict, await store.SaveAsync(Change(stale with { Revision = current.Revision }, "\"stale\"")));
                    Assert.Equal(SaveOutcome.Conflict, await store.DeleteAsync(stale.Id, stale.Token));
                }

                current = await SavedAsync(store, current, $"{save}");
            }

            Assert.Equal(SaveOutcome.Saved, await store.DeleteAsync(current.Id, current.Token));
            old.Add(current);
        }
    }
}
