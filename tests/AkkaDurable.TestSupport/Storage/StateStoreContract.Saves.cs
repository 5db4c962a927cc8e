using System.Text;
using AkkaDurable.Storage;

namespace AkkaDurable.TestSupport.Storage;

public abstract partial class StateStoreContract
{
    [ContractFact]
    public async Task A_save_writes_state_status_and_version_and_counts_the_revision()
    {
        var store = await OpenAsync();
        var claimed = await ClaimedAsync(store, Id("a"));
        var now = Clock.Move(TimeSpan.FromSeconds(1));

        Assert.Equal(SaveOutcome.Saved, await store.SaveAsync(new SaveRequest(Id("a"), claimed.Token, 0, ServerStatus.StoppedPermanent, 7, Json("""{"n":1}"""))));

        var expected = claimed with { Revision = 1, Status = ServerStatus.StoppedPermanent, StateVersion = 7, State = Json("""{"n":1}"""), UpdatedAt = now };
        AssertSame(expected, await store.ReadAsync(Id("a")));
    }

    [ContractFact]
    public async Task Every_status_can_be_saved()
    {
        var store = await OpenAsync();
        var record = await ClaimedAsync(store, Id("a"));
        foreach (var status in Enum.GetValues<ServerStatus>())
        {
            record = await SavedAsync(store, record, null, status);

            Assert.Equal(status, record.Status);
        }
    }

    [ContractFact]
    public async Task A_save_without_a_state_leaves_state_and_version()
    {
        var store = await OpenAsync();
        var record = await SavedAsync(store, await ClaimedAsync(store, Id("a")), """{"n":1}""", version: 2);

        var after = await SavedAsync(store, record, null, ServerStatus.StoppedGraceful, version: 9);

        AssertSame(record with { Revision = 2, Status = ServerStatus.StoppedGraceful }, after);
    }

    [ContractFact]
    public async Task A_save_without_a_state_over_none_leaves_none()
    {
        var store = await OpenAsync();

        var after = await SavedAsync(store, await ClaimedAsync(store, Id("a")), null, ServerStatus.StoppedGraceful, version: 9);

        Assert.Null(after.State);
        Assert.Equal(0, after.StateVersion);
        Assert.Equal(1, after.Revision);
    }

    [ContractFact]
    public async Task A_save_that_names_a_wrong_epoch_claim_or_revision_conflicts()
    {
        var store = await OpenAsync();
        await ClaimedAsync(store, Id("a"));
        var record = await SavedAsync(store, await ClaimedAsync(store, Id("a")), "1");
        var (token, revision) = (record.Token, record.Revision);
        (ClaimToken Token, long Revision)[] wrong =
        [
            (token with { Epoch = token.Epoch - 1 }, revision),
            (token with { Epoch = token.Epoch + 1 }, revision),
            (token with { ClaimId = token.ClaimId + 1 }, revision),
            (token with { ClaimId = 0 }, revision),
            (token, revision - 1),
            (token, revision + 1),
            (default, 0),
        ];
        foreach (var (wrongToken, wrongRevision) in wrong)
        {
            foreach (var state in (string?[])["2", null])
            {
                Assert.Equal(SaveOutcome.Conflict, await store.SaveAsync(Change(record with { Token = wrongToken, Revision = wrongRevision }, state)));
            }
        }

        AssertSame(record, await store.ReadAsync(Id("a")));
        Assert.Equal(SaveOutcome.Saved, await store.SaveAsync(Change(record, "2")));
    }

    [ContractFact]
    public async Task A_save_of_nothing_conflicts_and_makes_nothing()
    {
        var store = await OpenAsync();

        Assert.Equal(SaveOutcome.Conflict, await store.SaveAsync(new SaveRequest(Id("a"), new ClaimToken(1, 1), 0, ServerStatus.Running, 1, Json("1"))));

        Assert.Null(await store.ReadAsync(Id("a")));
    }

    [ContractFact]
    public async Task The_same_save_twice_is_done_once()
    {
        var store = await OpenAsync();
        var record = await ClaimedAsync(store, Id("a"));

        var outcomes = await Together(20, _ => store.SaveAsync(Change(record, "1")).AsTask());

        Assert.Equal(1, outcomes.Count(outcome => outcome == SaveOutcome.Saved));
        Assert.Equal(1, (await store.ReadAsync(Id("a")))!.Revision);
    }

    [ContractFact]
    public async Task Operations_on_one_record_run_in_the_order_in_which_they_were_called()
    {
        var store = await OpenAsync();
        var records = new List<StoredServer>();
        for (var i = 0; i < 20; i++)
        {
            records.Add(await ClaimedAsync(store, Id($"key-{i}")));
        }

        var saves = Enumerable.Range(0, 30)
            .SelectMany(revision => records.Select(record => store.SaveAsync(Change(record with { Revision = revision }, $"{revision}")).AsTask()))
            .ToArray();
        var deletes = records.Select(record => store.DeleteAsync(record.Id, record.Token).AsTask()).ToArray();
        var claims = records.Select(record => store.ClaimAsync(NewClaim(record.Id)).AsTask()).ToArray();

        Assert.All(await Task.WhenAll(saves), outcome => Assert.Equal(SaveOutcome.Saved, outcome));
        Assert.All(await Task.WhenAll(deletes), outcome => Assert.Equal(SaveOutcome.Saved, outcome));
        Assert.All(await Task.WhenAll(claims), claim => Assert.Null(claim.PreviousStatus));
    }

    [ContractFact]
    public async Task Of_hundreds_of_saves_at_once_exactly_the_stale_ones_conflict()
    {
        var store = await OpenAsync();
        var other = await OpenAsync();
        const int Count = 600;
        var records = await Together(Count, i => ClaimedAsync(store, Id($"key-{i}")));
        for (var round = 0; round < 5; round++)
        {
            // Every seventh is claimed by another node, every eleventh is saved from elsewhere, every thirteenth is deleted.
            bool Stale(int i) => i % 7 == round || i % 11 == round || i % 13 == round;
            var taken = await Together(Count, async i =>
                i % 7 == round ? await ClaimedAsync(other, records[i].Id, "node-b")
                : i % 11 == round ? await SavedAsync(other, records[i], "\"elsewhere\"")
                : i % 13 == round && await other.DeleteAsync(records[i].Id, records[i].Token) == SaveOutcome.Saved ? records[i]
                : records[i]);

            var outcomes = await Together(Count, i => store.SaveAsync(Change(records[i], $"[{round},{i}]")).AsTask());

            var stored = (await AllAsync(store, new ServerQuery(Counter) { IncludeState = true })).ToDictionary(record => record.Id);
            for (var i = 0; i < Count; i++)
            {
                Assert.True(outcomes[i] == (Stale(i) ? SaveOutcome.Conflict : SaveOutcome.Saved), $"round {round}, {records[i].Id}: {outcomes[i]}");
                Assert.Equal(!Stale(i) ? $"[{round},{i}]" : i % 7 == round || i % 11 == round ? Text(taken[i]) : null, Text(stored.GetValueOrDefault(records[i].Id)));
            }

            records = await Together(Count, i => ClaimedAsync(store, records[i].Id));
        }
    }

    [ContractFact]
    public async Task A_state_comes_back_byte_by_byte()
    {
        var store = await OpenAsync();
        string[] states =
        [
            "{}",
            "null",
            "\"\"",
            """{ "spaces" :  [ 1 , 2.50, -0.0, 1e400, 12345678901234567890 ] }""",
            """{"b":1,"a":2,"a":3}""",
            """{"nul":"\u0000","pair":"\ud83d\ude00","lone":"\ud800","slash":"\/"}""",
            "{\"text\":\"zażółć 日本語 العربية 👩‍👩‍👧 \u007f \uffff \U0010ffff\",\"quote\":\"'; DROP TABLE x; --\"}",
            "\"" + string.Concat(Enumerable.Repeat("0123456789abcdef", 65_536)) + "\"",
            "[\"" + string.Join("\",\"", Enumerable.Range(0, 60_000).Select(i => $"ключ-{i}")) + "\"]",
        ];
        var record = await ClaimedAsync(store, Id("a"));
        foreach (var state in states)
        {
            record = await SavedAsync(store, record, state);

            Assert.True(Json(state).Span.SequenceEqual(record.State!.Value.Span), $"{state[..Math.Min(40, state.Length)]}… came back as {Text(record)![..Math.Min(40, Text(record)!.Length)]}…");
            record = await ClaimedAsync(store, Id("a"));
            Assert.True(Json(state).Span.SequenceEqual(record.State!.Value.Span), $"{state[..Math.Min(40, state.Length)]}… was claimed as something else");
        }
    }

    [ContractFact]
    public async Task A_state_may_be_a_part_of_a_larger_buffer()
    {
        var store = await OpenAsync();
        var buffer = Encoding.UTF8.GetBytes("""xx{"n":1}yyyy""");
        var record = await ClaimedAsync(store, Id("a"));

        Assert.Equal(SaveOutcome.Saved, await store.SaveAsync(Change(record, null) with { State = buffer.AsMemory(2, 7) }));

        Assert.Equal("""{"n":1}""", Text(await store.ReadAsync(Id("a"))));
    }

    [ContractFact]
    public async Task What_the_caller_does_to_its_buffer_after_a_save_changes_nothing()
    {
        var store = await OpenAsync();
        var buffer = Encoding.UTF8.GetBytes("""{"n":1}""");
        var record = await ClaimedAsync(store, Id("a"));
        Assert.Equal(SaveOutcome.Saved, await store.SaveAsync(Change(record, null) with { State = buffer }));

        Array.Clear(buffer);

        Assert.Equal("""{"n":1}""", Text(await store.ReadAsync(Id("a"))));
    }

    [ContractFact]
    public async Task Large_states_of_many_records_go_through_at_once()
    {
        var store = await OpenAsync();
        var records = await Together(40, i => ClaimedAsync(store, Id($"key-{i}")));
        string Large(int i) => "\"" + new string((char)('a' + (i % 26)), 200_000 + i) + "\"";

        var outcomes = await Together(records.Length, i => store.SaveAsync(Change(records[i], Large(i))).AsTask());

        Assert.All(outcomes, outcome => Assert.Equal(SaveOutcome.Saved, outcome));
        for (var i = 0; i < records.Length; i++)
        {
            Assert.True(Large(i) == Text(await store.ReadAsync(records[i].Id)), $"the state of {records[i].Id} is another");
        }
    }

    [ContractFact]
    public Task Alike_saves_that_meet_in_a_group_are_each_done_as_it_was_asked_for() => SavesThatMeetAsync(mixed: false);

    [ContractFact]
    public Task Saves_of_all_kinds_that_meet_in_a_group_are_each_done_as_it_was_asked_for() => SavesThatMeetAsync(mixed: true);

    private async Task SavesThatMeetAsync(bool mixed)
    {
        const int Count = 120;
        var store = await OpenAsync();
        var records = await Together(Count, i => ClaimedAsync(store, Id($"k-{i:000}", mixed && i % 7 == 0 ? "other" : Counter)));
        for (var round = 0; round < 3; round++)
        {
            var requests = records.Select((record, i) => Change(
                record,
                mixed && i % 5 == 0 ? null : $$"""{"n":{{(round * Count) + i}}}""",
                mixed && round == 2 && i % 3 == 0 ? ServerStatus.StoppedGraceful : ServerStatus.Running,
                mixed && i % 4 == 0 ? 2 : 1) with
            {
                // Each eleventh is stale.
                Revision = i % 11 == 0 ? record.Revision + 1 : record.Revision,
                RecentCalls = i % 2 == 0 ? new byte[] { 1, (byte)i, (byte)round } : null,
            }).ToArray();
            var outcomes = await Together(Count, i => store.SaveAsync(requests[i]).AsTask());
            for (var i = 0; i < Count; i++)
            {
                var (before, asked, now) = (records[i], requests[i], (await store.ReadAsync(records[i].Id))!);
                Assert.Equal(i % 11 == 0 ? SaveOutcome.Conflict : SaveOutcome.Saved, outcomes[i]);
                if (i % 11 == 0)
                {
                    AssertSame(before, now);
                    continue;
                }

                Assert.Equal((before.Revision + 1, asked.Status, before.Token), (now.Revision, now.Status, now.Token));
                Assert.Equal((asked.State is null ? before.StateVersion : asked.StateVersion, asked.State is null ? Text(before) : Encoding.UTF8.GetString(asked.State.Value.Span)), (now.StateVersion, Text(now)));
                Assert.Equal(asked.RecentCalls is { } calls ? Convert.ToHexString(calls.Span) : Calls(before), Calls(now));
                records[i] = now;
            }
        }
    }
}
