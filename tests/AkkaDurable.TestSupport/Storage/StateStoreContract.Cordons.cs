using AkkaDurable.Storage;

namespace AkkaDurable.TestSupport.Storage;

public abstract partial class StateStoreContract
{
    private enum Start
    {
        Automatic,
        Explicit,
        EvenCordoned,
        ExplicitEvenCordoned,
    }

    // Which claims take over a record of a status; the four columns are the kinds of claims.
    private static readonly (ServerStatus Status, bool Automatic, bool Explicit, bool EvenCordoned, bool Both)[] GrantedClaims =
    [
        (ServerStatus.Running, true, true, true, true),
        (ServerStatus.StoppedGraceful, true, true, true, true),
        (ServerStatus.StoppedPermanent, false, true, false, true),
        (ServerStatus.Crashed, true, true, true, true),
        (ServerStatus.PermanentlyCrashed, false, true, false, true),
        (ServerStatus.Cordoned, false, false, true, true),
        (ServerStatus.Deleting, false, false, false, false),
    ];

    [ContractFact]
    public async Task Which_claim_takes_over_a_record_of_which_status()
    {
        var store = await OpenAsync();
        Assert.Equal(Enum.GetValues<ServerStatus>(), GrantedClaims.Select(row => row.Status));
        foreach (var (status, automatic, isExplicit, evenCordoned, both) in GrantedClaims)
        {
            foreach (var (start, expected) in ((Start, bool)[])[(Start.Automatic, automatic), (Start.Explicit, isExplicit), (Start.EvenCordoned, evenCordoned), (Start.ExplicitEvenCordoned, both)])
            {
                await CheckAsync(status, start, expected);
            }
        }

        async Task CheckAsync(ServerStatus status, Start start, bool expected)
        {
            var id = Id($"{status}-{start}");
            var before = await KeptAsync(store, Change(await ClaimedAsync(store, id), """{"n":1}""", status, version: 2) with { IsPermanent = true, Crashes = Json("[1]") });
            Clock.Move(TimeSpan.FromSeconds(1));
            var request = NewClaim(id, "node-b") with
            {
                ExplicitStart = start is Start.Explicit or Start.ExplicitEvenCordoned,
                EvenCordoned = start is Start.EvenCordoned or Start.ExplicitEvenCordoned,
                Region = "eu",
            };

            // Whatever its kind, no claim takes a state that it cannot read.
            Assert.False((await store.ClaimAsync(request with { MaxStateVersion = 1 })).Granted);
            AssertSame(before, await store.ReadAsync(id));

            var result = await store.ClaimAsync(request);

            Assert.True(expected == result.Granted, $"{status}, {start}: granted {result.Granted}");
            Assert.Equal(status, result.PreviousStatus);
            Assert.False(result.IsHeld);
            var after = expected
                ? before with { Token = new ClaimToken(2, request.ClaimId), Status = ServerStatus.Running, Owner = "node-b", Region = "eu", UpdatedAt = Clock.GetUtcNow() }
                : before;
            AssertSame(after, result.Record);
            AssertSame(after, await store.ReadAsync(id));
        }
    }

    [ContractFact]
    public async Task A_status_can_follow_any_other()
    {
        var store = await OpenAsync();
        foreach (var from in Enum.GetValues<ServerStatus>())
        {
            foreach (var to in Enum.GetValues<ServerStatus>())
            {
                var record = await SavedAsync(store, await ClaimedAsync(store, Id($"{from}-{to}")), "1", from);

                record = await SavedAsync(store, record, to == from ? "2" : null, to);

                Assert.Equal((to, 2), (record.Status, record.Revision));
                Assert.Equal(record with { State = null }, Assert.Single(await store.ListAsync(new ServerQuery(Counter) { KeyPrefix = record.Id.Key, Status = to })));
                if (to != from)
                {
                    Assert.Empty(await store.ListAsync(new ServerQuery(Counter) { KeyPrefix = record.Id.Key, Status = from }));
                }
            }
        }
    }

    [ContractFact]
    public async Task A_cordon_outlives_opening_the_store_again_and_ends_with_a_save()
    {
        var first = await OpenAsync();
        await SavedAsync(first, await ClaimedAsync(first, Id("a")), "1", ServerStatus.Cordoned);
        await first.DisposeAsync();
        var store = await OpenAsync();
        Assert.False((await store.ClaimAsync(NewClaim(Id("a")))).Granted);

        var operators = await store.ClaimAsync(NewClaim(Id("a"), "node-b") with { EvenCordoned = true });
        await SavedAsync(store, operators.Record, null, ServerStatus.StoppedGraceful);

        Assert.True((await store.ClaimAsync(NewClaim(Id("a")) with { ExplicitStart = false })).Granted);
    }

    [ContractFact]
    public async Task A_cordoned_record_can_be_claimed_to_be_deleted()
    {
        var store = await OpenAsync();
        await SavedAsync(store, await ClaimedAsync(store, Id("a")), "1", ServerStatus.Cordoned);

        var operators = await store.ClaimAsync(NewClaim(Id("a"), "node-b") with { EvenCordoned = true });
        Assert.Equal(SaveOutcome.Saved, await store.DeleteAsync(Id("a"), operators.Record.Token));

        Assert.Null(await store.ReadAsync(Id("a")));
    }

    [ContractFact]
    public async Task A_claim_of_nothing_that_takes_even_cordoned_ones_makes_a_running_record()
    {
        var store = await OpenAsync();

        var result = await store.ClaimAsync(NewClaim(Id("a")) with { EvenCordoned = true });

        Assert.True(result.Granted);
        Assert.Null(result.PreviousStatus);
        Assert.Equal(ServerStatus.Running, (await store.ReadAsync(Id("a")))!.Status);
    }

    [ContractFact]
    public async Task Claims_of_all_kinds_at_once_are_each_answered_for_themselves()
    {
        var store = await OpenAsync();
        var statuses = Enum.GetValues<ServerStatus>();
        var records = await Together(140, async i => await SavedAsync(store, await ClaimedAsync(store, Id($"key-{i}")), "1", statuses[i % statuses.Length]));

        var results = await Together(records.Length, i => store.ClaimAsync(NewClaim(records[i].Id) with { ExplicitStart = i % 2 == 0, EvenCordoned = i % 3 == 0, Region = $"region-{i % 4}" }).AsTask());

        for (var i = 0; i < records.Length; i++)
        {
            var row = GrantedClaims[i % statuses.Length];
            var expected = (i % 2 == 0, i % 3 == 0) switch
            {
                (false, false) => row.Automatic,
                (true, false) => row.Explicit,
                (false, true) => row.EvenCordoned,
                (true, true) => row.Both,
            };
            Assert.True(expected == results[i].Granted, $"{i}, {row.Status}: granted {results[i].Granted}");
            Assert.Equal(expected ? $"region-{i % 4}" : "", (await store.ReadAsync(records[i].Id))!.Region);
        }
    }
}
