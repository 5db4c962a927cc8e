using AkkaDurable.Storage;

namespace AkkaDurable.TestSupport.Storage;

public abstract partial class StateStoreContract
{
    private static readonly TimeSpan TimeToLive = TimeSpan.FromMilliseconds(5_250);

    private enum End
    {
        Deleted,
        DeletedAsSeen,
    }

    [ContractFact]
    public async Task A_lease_is_created_unrenewed_and_unrevoked()
    {
        var store = await OpenAsync();

        await store.CreateLeaseAsync(long.MinValue, "node-ä", TimeToLive);
        await store.CreateLeaseAsync(long.MaxValue, "node-b", TimeSpan.FromDays(30));

        Assert.Equal(
            [new NodeLease(long.MinValue, "node-ä", TimeToLive, 0, false), new NodeLease(long.MaxValue, "node-b", TimeSpan.FromDays(30), 0, false)],
            (await store.ListLeasesAsync()).OrderBy(lease => lease.Id));
    }

    [ContractFact]
    public async Task A_renewal_counts_up_by_one_and_touches_no_other_lease()
    {
        var store = await OpenAsync();
        await store.CreateLeaseAsync(1, "node-a", TimeToLive);
        await store.CreateLeaseAsync(2, "node-b", TimeToLive);

        for (var renewals = 1; renewals <= 3; renewals++)
        {
            Assert.True(await store.RenewLeaseAsync(1));
            Assert.Equal(renewals, (await LeaseAsync(store, 1))!.Renewals);
        }

        Assert.Equal(0, (await LeaseAsync(store, 2))!.Renewals);
    }

    [ContractFact]
    public async Task A_revoked_lease_stays_and_is_never_renewed_again()
    {
        var store = await OpenAsync();
        await store.CreateLeaseAsync(1, "node-a", TimeToLive);
        await store.CreateLeaseAsync(2, "node-b", TimeToLive);
        Assert.True(await store.RenewLeaseAsync(1));

        await store.RevokeLeaseAsync(1);
        await store.RevokeLeaseAsync(1);

        Assert.False(await store.RenewLeaseAsync(1));
        Assert.Equal(new NodeLease(1, "node-a", TimeToLive, 1, true), await LeaseAsync(store, 1));
        Assert.True(await store.RenewLeaseAsync(2));
    }

    [ContractFact]
    public async Task A_deleted_lease_is_gone_and_deleting_it_again_says_so()
    {
        var store = await OpenAsync();
        await store.CreateLeaseAsync(1, "node-a", TimeToLive);
        await store.CreateLeaseAsync(2, "node-b", TimeToLive);
        Assert.True(await store.RenewLeaseAsync(1));

        Assert.True(await store.DeleteLeaseAsync(1));

        Assert.False(await store.RenewLeaseAsync(1));
        Assert.True(await store.DeleteLeaseAsync(1));
        Assert.True(await store.DeleteLeaseAsync(1, renewals: 7));
        Assert.Equal(2, Assert.Single(await store.ListLeasesAsync()).Id);
    }

    [ContractFact]
    public async Task What_is_done_to_a_lease_that_does_not_exist_makes_none()
    {
        var store = await OpenAsync();

        Assert.False(await store.RenewLeaseAsync(1));
        await store.RevokeLeaseAsync(1);
        Assert.True(await store.DeleteLeaseAsync(1));
        Assert.True(await store.DeleteLeaseAsync(1, renewals: 0));

        Assert.Empty(await store.ListLeasesAsync());
    }

    [ContractFact]
    public async Task A_lease_that_was_renewed_since_is_not_deleted()
    {
        var store = await OpenAsync();
        await store.CreateLeaseAsync(1, "node-a", TimeToLive);
        Assert.True(await store.RenewLeaseAsync(1));

        Assert.False(await store.DeleteLeaseAsync(1, renewals: 0));
        Assert.False(await store.DeleteLeaseAsync(1, renewals: 2));
        Assert.Equal(1, (await LeaseAsync(store, 1))!.Renewals);

        Assert.True(await store.DeleteLeaseAsync(1, renewals: 1));
        Assert.Empty(await store.ListLeasesAsync());
    }

    [ContractFact]
    public async Task Two_stores_over_one_database_have_the_same_leases()
    {
        var (first, second) = (await OpenAsync(), await OpenAsync());
        await first.CreateLeaseAsync(1, "node-a", TimeToLive);

        Assert.True(await second.RenewLeaseAsync(1));
        Assert.True(await first.RenewLeaseAsync(1));
        Assert.Equal(2, (await LeaseAsync(second, 1))!.Renewals);

        await second.RevokeLeaseAsync(1);
        Assert.False(await first.RenewLeaseAsync(1));

        Assert.True(await first.DeleteLeaseAsync(1));
        Assert.Empty(await second.ListLeasesAsync());
    }

    [ContractFact]
    public async Task Racing_renewals_are_all_counted()
    {
        IStateStore[] stores = [await OpenAsync(), await OpenAsync()];
        await stores[0].CreateLeaseAsync(1, "node-a", TimeToLive);

        Assert.All(await Together(60, i => stores[i % stores.Length].RenewLeaseAsync(1).AsTask()), Assert.True);

        Assert.Equal(60, (await LeaseAsync(stores[0], 1))!.Renewals);
    }

    [ContractFact]
    public async Task A_renewal_that_races_a_delete_or_a_revoke_is_either_before_it_or_fails()
    {
        IStateStore[] stores = [await OpenAsync(), await OpenAsync()];
        for (var round = 1; round <= 30; round++)
        {
            var lease = round;
            await stores[0].CreateLeaseAsync(lease, "node-a", TimeToLive);
            var results = await Together(8, async i => i switch
            {
                3 => await stores[1].DeleteLeaseAsync(lease, renewals: round % 3),
                6 when round % 2 == 0 => await RevokedAsync(stores[1], lease),
                _ => await stores[i % 2].RenewLeaseAsync(lease),
            });

            var renewed = results.Where((renewed, i) => i != 3 && (i != 6 || round % 2 != 0) && renewed).Count();
            var left = await LeaseAsync(stores[0], lease);
            Assert.Equal(results[3], left is null);
            Assert.Equal(left?.Renewals ?? round % 3, renewed);
            Assert.Equal(left is not null && round % 2 == 0, left?.IsRevoked ?? false);
        }
    }

    [ContractFact]
    public async Task A_record_that_is_held_under_a_lease_is_not_granted_and_not_touched()
    {
        var store = await OpenAsync();
        await store.CreateLeaseAsync(1, "node-a", TimeToLive);
        await store.CreateLeaseAsync(2, "node-b", TimeToLive);
        var held = await SavedAsync(store, await HeldAsync(store, Id("a"), 1), "1");
        Assert.Equal(1, held.LeaseId);
        Clock.Move(TimeSpan.FromSeconds(1));

        foreach (var lease in (long[])[2, 3, 0])
        {
            var refused = await store.ClaimAsync(NewClaim(Id("a"), "node-b") with { LeaseId = lease });

            Assert.False(refused.Granted, $"granted under the lease {lease}");
            Assert.True(refused.IsHeld);
            Assert.Equal(ServerStatus.Running, refused.PreviousStatus);
            AssertSame(held, refused.Record);
            AssertSame(held, await store.ReadAsync(Id("a")));
        }

        Assert.Equal(SaveOutcome.Saved, await store.SaveAsync(Change(held, "2")));
    }

    [ContractFact]
    public async Task A_held_record_is_granted_once_the_lease_is_deleted()
    {
        var store = await OpenAsync();
        foreach (var end in Enum.GetValues<End>())
        {
            var id = Id($"{end}");
            var lease = 10L + (int)end;
            await store.CreateLeaseAsync(lease, "node-a", TimeToLive);
            var held = await HeldAsync(store, id, lease);
            await store.RevokeLeaseAsync(lease);

            // A revoked lease still holds: its last renewal may be good for a while.
            Assert.True((await store.ClaimAsync(NewClaim(id) with { LeaseId = 2 })).IsHeld);

            Assert.True(await store.DeleteLeaseAsync(lease, end == End.DeletedAsSeen ? 0 : null));
            var claim = await store.ClaimAsync(NewClaim(id) with { LeaseId = 2 });

            Assert.True(claim.Granted);
            Assert.False(claim.IsHeld);
            Assert.Equal(2, claim.Record.LeaseId);
            AssertSame(claim.Record, await store.ReadAsync(id));
            Assert.Equal(SaveOutcome.Conflict, await store.SaveAsync(Change(held, "\"stale\"")));
        }
    }

    [ContractFact]
    public async Task Claims_under_the_same_lease_do_not_hold_each_other_up()
    {
        var store = await OpenAsync();
        await store.CreateLeaseAsync(1, "node-a", TimeToLive);

        for (var epoch = 1; epoch <= 3; epoch++)
        {
            Assert.Equal(epoch, (await HeldAsync(store, Id("a"), 1)).Token.Epoch);
        }
    }

    [ContractFact]
    public async Task A_lease_that_does_not_exist_holds_nothing()
    {
        var store = await OpenAsync();

        Assert.Equal(1, (await HeldAsync(store, Id("a"), 1)).LeaseId);
        Assert.Equal(0, (await HeldAsync(store, Id("a"), 0)).LeaseId);
        Assert.Equal(0, (await store.ReadAsync(Id("a")))!.LeaseId);
        Assert.Equal(2, (await HeldAsync(store, Id("a"), 2)).LeaseId);
    }

    [ContractFact]
    public async Task A_save_of_any_status_but_Running_takes_the_record_off_its_lease()
    {
        var store = await OpenAsync();
        await store.CreateLeaseAsync(1, "node-a", TimeToLive);
        foreach (var status in Enum.GetValues<ServerStatus>())
        {
            foreach (var state in (string?[])["1", null])
            {
                var id = Id($"{status}-{state is null}");
                var saved = await SavedAsync(store, await HeldAsync(store, id, 1), state, status);

                Assert.Equal(status == ServerStatus.Running ? 1 : 0, saved.LeaseId);
                var claim = await store.ClaimAsync(NewClaim(id) with { LeaseId = 2 });
                Assert.Equal(status == ServerStatus.Running, claim.IsHeld);
                Assert.Equal(status is not (ServerStatus.Running or ServerStatus.Cordoned or ServerStatus.Deleting), claim.Granted);
            }
        }
    }

    [ContractFact]
    public async Task A_refusal_for_another_reason_does_not_say_held()
    {
        var store = await OpenAsync();
        await store.CreateLeaseAsync(1, "node-a", TimeToLive);
        await SavedAsync(store, await HeldAsync(store, Id("a"), 1), "1", version: 3);

        var refused = await store.ClaimAsync(NewClaim(Id("a")) with { LeaseId = 2, MaxStateVersion = 2 });

        Assert.False(refused.Granted);
        Assert.False(refused.IsHeld);
    }

    [ContractFact]
    public async Task Claims_of_many_records_at_once_wait_only_for_the_leases_that_exist()
    {
        var store = await OpenAsync();
        const int Count = 240;
        await store.CreateLeaseAsync(1, "node-a", TimeToLive);
        await store.CreateLeaseAsync(2, "node-b", TimeToLive);

        // Leases 0 and 3 do not exist; every fifth record does not exist yet.
        await Together(Count, async i => i % 5 == 0 || (await HeldAsync(store, Id($"key-{i}"), i % 4)).LeaseId == i % 4);

        var claims = await Together(Count, i => store.ClaimAsync(NewClaim(Id($"key-{i}")) with { LeaseId = 2 }).AsTask());

        for (var i = 0; i < Count; i++)
        {
            var held = i % 5 != 0 && i % 4 == 1;
            Assert.True(held == claims[i].IsHeld && held != claims[i].Granted, $"key-{i}: {claims[i]}");
            Assert.Equal(held ? 1 : 2, claims[i].Record.LeaseId);
            AssertSame(claims[i].Record, await store.ReadAsync(Id($"key-{i}")));
        }
    }

    [ContractFact]
    public async Task What_is_remembered_of_calls_comes_back_and_stays_until_it_is_replaced()
    {
        var store = await OpenAsync();
        byte[] calls = [0, 1, 255, 0, 39, 34, 10];
        var record = await ClaimedAsync(store, Id("a"));
        Assert.True(record.RecentCalls.IsEmpty);

        record = await RememberedAsync(store, record, "1", calls);
        Assert.Equal(Convert.ToHexString(calls), Calls(record));

        // With a state and without, and through a claim.
        record = await SavedAsync(store, record, "2");
        Assert.Equal(Convert.ToHexString(calls), Calls(record));
        record = await SavedAsync(store, record, null, ServerStatus.StoppedGraceful);
        Assert.Equal(Convert.ToHexString(calls), Calls(record));
        record = await ClaimedAsync(store, Id("a"));
        Assert.Equal(Convert.ToHexString(calls), Calls(record));

        record = await RememberedAsync(store, record, null, [7]);
        Assert.Equal("07", Calls(record));
        Assert.Equal("2", Text(record));
        record = await RememberedAsync(store, record, "3", []);
        Assert.True(record.RecentCalls.IsEmpty);
        Assert.True((await ClaimedAsync(store, Id("a"))).RecentCalls.IsEmpty);
    }

    [ContractFact]
    public async Task What_is_remembered_of_calls_is_not_written_by_a_stale_save_and_goes_with_the_record()
    {
        var store = await OpenAsync();
        var old = await ClaimedAsync(store, Id("a"));
        var record = await RememberedAsync(store, await ClaimedAsync(store, Id("a")), "1", [1]);

        Assert.Equal(SaveOutcome.Conflict, await store.SaveAsync(Change(old, "2") with { RecentCalls = new byte[] { 2 } }));
        Assert.Equal("01", Calls((await store.ReadAsync(Id("a")))!));

        Assert.Equal(SaveOutcome.Saved, await store.DeleteAsync(record.Id, record.Token));
        Assert.True((await ClaimedAsync(store, Id("a"))).RecentCalls.IsEmpty);
    }

    [ContractFact]
    public async Task A_list_has_the_remembered_calls_only_with_the_states_and_the_lease_always()
    {
        var store = await OpenAsync();
        await store.CreateLeaseAsync(1, "node-a", TimeToLive);
        var record = await RememberedAsync(store, await HeldAsync(store, Id("a"), 1), "1", [1, 2]);

        AssertSame(record, Assert.Single(await store.ListAsync(new ServerQuery(Counter) { IncludeState = true })));
        AssertSame(record with { State = null, RecentCalls = default }, Assert.Single(await store.ListAsync(new ServerQuery(Counter))));
    }

    [ContractFact]
    public async Task In_a_group_of_saves_each_remembers_its_own_calls()
    {
        var store = await OpenAsync();
        const int Count = 200;
        var records = await Together(Count, async i => await RememberedAsync(store, await ClaimedAsync(store, Id($"key-{i}")), "1", [1]));
        var buffers = Enumerable.Range(0, Count).Select(i => Enumerable.Repeat((byte)i, i * 20).ToArray()).ToArray();

        // A third keeps what is stored, a third replaces it, and of those one has nothing to remember any more.
        var outcomes = await Together(Count, i => store.SaveAsync(Change(records[i], i % 2 == 0 ? "2" : null) with { RecentCalls = i % 3 == 0 ? default(ReadOnlyMemory<byte>?) : buffers[i / 3] }).AsTask());
        Assert.All(outcomes, outcome => Assert.Equal(SaveOutcome.Saved, outcome));

        // The callers may use their buffers again.
        foreach (var buffer in buffers)
        {
            Array.Clear(buffer);
        }

        for (var i = 0; i < Count; i++)
        {
            var expected = i % 3 == 0 ? "01" : string.Concat(Enumerable.Repeat((i / 3).ToString("X2"), i / 3 * 20));
            Assert.Equal(expected, Calls((await store.ReadAsync(records[i].Id))!));
        }
    }

    [ContractFact]
    public async Task A_caller_who_gave_up_before_changes_no_lease()
    {
        var store = await OpenAsync();
        await store.CreateLeaseAsync(1, "node-a", TimeToLive);
        var gone = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.CreateLeaseAsync(2, "node-b", TimeToLive, gone));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.RenewLeaseAsync(1, gone));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.RevokeLeaseAsync(1, gone));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.DeleteLeaseAsync(1, null, gone));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.ListLeasesAsync(gone));

        Assert.Equal(new NodeLease(1, "node-a", TimeToLive, 0, false), Assert.Single(await store.ListLeasesAsync()));
    }

    private static async Task<NodeLease?> LeaseAsync(IStateStore store, long id) => (await store.ListLeasesAsync()).SingleOrDefault(lease => lease.Id == id);

    private static async Task<bool> RevokedAsync(IStateStore store, long lease)
    {
        await store.RevokeLeaseAsync(lease);
        return true;
    }

    /// <summary>Claims a record under a lease, which must be granted.</summary>
    private async Task<StoredServer> HeldAsync(IStateStore store, ServerId id, long lease)
    {
        var claim = await store.ClaimAsync(NewClaim(id) with { LeaseId = lease });
        Assert.True(claim.Granted, $"the claim of {id} was refused: {claim}");
        return claim.Record;
    }

    private static async Task<StoredServer> RememberedAsync(IStateStore store, StoredServer record, string? state, byte[] calls)
    {
        Assert.Equal(SaveOutcome.Saved, await store.SaveAsync(Change(record, state) with { RecentCalls = calls }));
        return Assert.IsType<StoredServer>(await store.ReadAsync(record.Id));
    }
}
