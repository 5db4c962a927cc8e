using System.Text;
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
        for (var round = 0; round < 20; round++)
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
        var counts = await store.CountAsync(Counter);
        Assert.Equal(2_500, counts[ServerStatus.StoppedGraceful]);
        Assert.Equal(7_500, counts[ServerStatus.Running]);
    }

    [ContractFact]
    public async Task Random_commands_do_what_they_do_in_a_model()
    {
        // AKKADURABLE_SEED runs a failure again.
        var seed = int.TryParse(Environment.GetEnvironmentVariable("AKKADURABLE_SEED"), out var given) ? given : Environment.TickCount;
        var steps = Environment.GetEnvironmentVariable("AKKADURABLE_SLOW") == "1" ? 5_000 : 500;
        var random = new Random(seed);
        var log = new StringBuilder($"seed {seed}");
        var store = await OpenAsync();
        var model = new Dictionary<ServerId, StoredServer>();
        var tokens = new List<(ServerId Id, ClaimToken Token, long Revision)>();
        for (var step = 0; step < steps; step++)
        {
            var id = Id($"key-{random.Next(3)}");
            Clock.Move(TimeSpan.FromMilliseconds(1));
            var current = model.GetValueOrDefault(id);

            // Mostly the newest token of some record, sometimes any that there ever was.
            var (target, token, revision) = tokens.Count == 0 ? (id, new ClaimToken(1, 1), 0)
                : current is not null && random.Next(3) > 0 ? (id, current.Token, current.Revision)
                : tokens[random.Next(tokens.Count)];
            switch (random.Next(6))
            {
                case 0:
                    var request = NewClaim(id, $"node-{step}") with { ExplicitStart = random.Next(2) == 0, MaxStateVersion = random.Next(4) };
                    log.Append($"\n{step}: {request}");
                    AssertClaim(model, request, await store.ClaimAsync(request), log);
                    tokens.Add((id, model[id].Token, model[id].Revision));
                    break;
                case 1:
                    log.Append($"\n{step}: delete {target} {token}");
                    var deletes = model.TryGetValue(target, out var deleted) && deleted.Token == token && model.Remove(target);
                    Check(deletes == (await store.DeleteAsync(target, token) == SaveOutcome.Saved), log);
                    break;
                default:
                    var state = random.Next(4) == 0 ? (ReadOnlyMemory<byte>?)null : Json($"{step}");
                    var save = new SaveRequest(target, token, revision, (ServerStatus)random.Next(7), random.Next(1, 4), state);
                    log.Append($"\n{step}: {save}");
                    Check(SaveInModel(model, save) == (await store.SaveAsync(save) == SaveOutcome.Saved), log);
                    break;
            }

            foreach (var key in (ServerId[])[Id("key-0"), Id("key-1"), Id("key-2")])
            {
                var stored = await store.ReadAsync(key);
                var expected = model.GetValueOrDefault(key);
                var same = Text(expected) == Text(stored) && (expected is null ? stored is null : expected with { State = null } == stored! with { State = null });
                Check(same, log, $"\nexpected {expected}\nactual {stored}");
            }
        }
    }

    // The log is long; it is made a text only for a failure.
    private static void Check(bool holds, StringBuilder log, string more = "")
    {
        if (!holds)
        {
            Assert.Fail(log + more);
        }
    }

    private void AssertClaim(Dictionary<ServerId, StoredServer> model, ClaimRequest request, ClaimResult actual, StringBuilder log)
    {
        var before = model.GetValueOrDefault(request.Id);
        var granted = before is null
            || (before.StateVersion <= request.MaxStateVersion
                && before.Status is not (ServerStatus.Cordoned or ServerStatus.Deleting)
                && (request.ExplicitStart || before.Status is not (ServerStatus.StoppedPermanent or ServerStatus.PermanentlyCrashed)));
        var now = Clock.GetUtcNow();
        if (granted)
        {
            model[request.Id] = before is null
                ? new StoredServer(request.Id, new ClaimToken(1, request.ClaimId), 0, ServerStatus.Running, request.Owner, 0, null, now, now)
                : before with { Token = new ClaimToken(before.Token.Epoch + 1, request.ClaimId), Status = ServerStatus.Running, Owner = request.Owner, UpdatedAt = now };
        }

        Check(granted == actual.Granted && before?.Status == actual.PreviousStatus, log);
        AssertSame(model[request.Id], actual.Record);
    }

    private bool SaveInModel(Dictionary<ServerId, StoredServer> model, SaveRequest save)
    {
        if (!model.TryGetValue(save.Id, out var record) || record.Token != save.Token || record.Revision != save.Revision)
        {
            return false;
        }

        model[save.Id] = record with
        {
            Revision = record.Revision + 1,
            Status = save.Status,
            StateVersion = save.State is null ? record.StateVersion : save.StateVersion,
            State = save.State ?? record.State,
            UpdatedAt = Clock.GetUtcNow(),
        };
        return true;
    }
}
