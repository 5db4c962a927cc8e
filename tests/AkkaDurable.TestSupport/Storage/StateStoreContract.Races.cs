using AkkaDurable.Storage;

namespace AkkaDurable.TestSupport.Storage;

public abstract partial class StateStoreContract
{
    [ContractFact]
    public async Task Of_racing_claimers_exactly_one_can_save_afterwards()
    {
        const int Claimers = 32;
        IStateStore[] stores = [await OpenAsync(), await OpenAsync(), await OpenAsync()];
        var epoch = 0L;
        for (var round = 0; round < 100; round++)
        {
            var claims = await Together(Claimers, i => stores[i % stores.Length].ClaimAsync(NewClaim(Id("a"), $"node-{i}")).AsTask());

            Assert.All(claims, claim => Assert.True(claim.Granted));
            Assert.Equal(Enumerable.Range(1, Claimers).Select(i => epoch + i), claims.Select(claim => claim.Record.Token.Epoch).Order());
            Assert.Equal(round == 0 ? 1 : 0, claims.Count(claim => claim.PreviousStatus is null));
            epoch += Claimers;

            var outcomes = await Together(Claimers, i => stores[i % stores.Length].SaveAsync(Change(claims[i].Record, $"{i}")).AsTask());

            var winner = Assert.Single(claims, claim => claim.Record.Token.Epoch == epoch);
            for (var i = 0; i < Claimers; i++)
            {
                Assert.Equal(claims[i] == winner ? SaveOutcome.Saved : SaveOutcome.Conflict, outcomes[i]);
            }

            var stored = (await stores[0].ReadAsync(Id("a")))!;
            Assert.Equal(winner.Record.Token, stored.Token);
            Assert.Equal(winner.Record.Owner, stored.Owner);
            Assert.Equal(round + 1, stored.Revision);
        }
    }

    [ContractFact]
    public async Task Of_racing_claimers_under_leases_of_their_own_exactly_one_is_granted()
    {
        const int Claimers = 32;
        IStateStore[] stores = [await OpenAsync(), await OpenAsync(), await OpenAsync()];
        var leases = Enumerable.Range(1, Claimers).Select(lease => (long)lease).ToArray();
        foreach (var lease in leases)
        {
            await stores[0].CreateLeaseAsync(lease, $"node-{lease}", TimeToLive);
        }

        for (var round = 1; round <= 100; round++)
        {
            var claims = await Together(Claimers, i => stores[i % stores.Length].ClaimAsync(NewClaim(Id("a"), $"node-{i}") with { LeaseId = leases[i] }).AsTask());

            var winner = Assert.Single(claims, claim => claim.Granted);
            var node = Array.IndexOf(claims, winner);
            Assert.Equal(leases[node], winner.Record.LeaseId);
            Assert.Equal(round, winner.Record.Token.Epoch);
            foreach (var loser in claims.Where(claim => claim != winner))
            {
                Assert.True(loser.IsHeld);
                Assert.Equal(winner.Record.Token, loser.Record.Token);
                Assert.Equal(winner.Record.LeaseId, loser.Record.LeaseId);
            }

            // It is free for the next round: released, or its lease is deleted and its node gets another one.
            if (round % 2 == 0)
            {
                Assert.Equal(SaveOutcome.Saved, await stores[round % stores.Length].SaveAsync(Change(winner.Record, null, ServerStatus.StoppedGraceful)));
            }
            else
            {
                Assert.True(await stores[round % stores.Length].DeleteLeaseAsync(leases[node]));
                leases[node] = Claimers + round;
                await stores[0].CreateLeaseAsync(leases[node], $"node-{node}", TimeToLive);
            }
        }
    }

    [ContractFact]
    public async Task What_a_token_and_a_revision_allow_is_done_once()
    {
        IStateStore[] stores = [await OpenAsync(), await OpenAsync(), await OpenAsync()];
        for (var round = 0; round < 40; round++)
        {
            var record = await ClaimedAsync(stores[0], Id("a"));
            if (round % 2 == 0)
            {
                record = await SavedAsync(stores[1], record, "\"before\"");
            }

            // Different saves of the same revision, and one delete, which may come before or after the save that wins.
            var outcomes = await Together(16, i => i == 8
                ? stores[i % stores.Length].DeleteAsync(record.Id, record.Token).AsTask()
                : stores[i % stores.Length].SaveAsync(Change(record, $"{i}")).AsTask());

            Assert.Equal(SaveOutcome.Saved, outcomes[8]);
            Assert.InRange(outcomes.Where((outcome, i) => i != 8 && outcome == SaveOutcome.Saved).Count(), 0, 1);
            Assert.Null(await stores[0].ReadAsync(Id("a")));
            Assert.Equal(SaveOutcome.Conflict, await stores[2].DeleteAsync(record.Id, record.Token));
        }
    }

    [ContractFact]
    public async Task Owners_that_take_records_from_each_other_lose_no_change()
    {
        IStateStore[] stores = [await OpenAsync(), await OpenAsync(), await OpenAsync()];
        var ids = Enumerable.Range(0, 12).Select(i => Id($"key-{i}")).ToArray();
        var acknowledged = new int[ids.Length];
        var conflicts = 0;

        await Together(24, worker => Task.Run(async () =>
        {
            var store = stores[worker % stores.Length];
            for (var turn = 0; turn < 40; turn++)
            {
                // Each worker goes over the keys in an order of its own and counts on from what its claim hands over, until somebody takes the record away.
                var i = ((worker * 5) + (turn * 7)) % ids.Length;
                var record = await ClaimedAsync(store, ids[i], $"worker-{worker}");
                var count = int.Parse(Text(record) ?? "0");
                for (var save = 0; save < 4; save++)
                {
                    // A store that completes at once would else never let the others in.
                    await Task.Yield();
                    if (await store.SaveAsync(Change(record, $"{++count}")) == SaveOutcome.Conflict)
                    {
                        Interlocked.Increment(ref conflicts);
                        break;
                    }

                    Interlocked.Increment(ref acknowledged[i]);
                    record = record with { Revision = record.Revision + 1 };
                }
            }

            return true;
        }));

        Assert.True(conflicts > 0, "nobody took a record from anybody, so nothing was tested");
        for (var i = 0; i < ids.Length; i++)
        {
            var stored = (await stores[0].ReadAsync(ids[i]))!;
            Assert.Equal($"{acknowledged[i]}", Text(stored));
            Assert.Equal(acknowledged[i], stored.Revision);
        }
    }

    [ContractFact]
    public async Task Ten_thousand_records_are_all_there()
    {
        const int Count = 10_000;
        var store = await OpenAsync();
        var records = await Together(Count, i => ClaimedAsync(store, Id($"key-{i:D5}")));
        var outcomes = await Together(Count, i => store.SaveAsync(Change(records[i], $"{i}", i % 4 == 0 ? ServerStatus.StoppedGraceful : ServerStatus.Running)).AsTask());
        Assert.All(outcomes, outcome => Assert.Equal(SaveOutcome.Saved, outcome));

        var listed = await AllAsync(store, new ServerQuery(Counter) { PageSize = 1_000, IncludeState = true });

        Assert.Equal(Enumerable.Range(0, Count).Select(i => ($"key-{i:D5}", $"{i}")), listed.Select(record => (record.Id.Key, Text(record)!)));
        var counts = await store.CountAsync(new ServerQuery(Counter));
        Assert.Equal(2_500, counts[ServerStatus.StoppedGraceful]);
        Assert.Equal(7_500, counts[ServerStatus.Running]);
    }
}
