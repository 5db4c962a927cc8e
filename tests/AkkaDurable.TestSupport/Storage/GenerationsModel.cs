using System.Text;
using AkkaDurable.Storage;
using CsCheck;

namespace AkkaDurable.TestSupport.Storage;

/// <summary>
/// What a store promises about its records from one claim to the next, as a dictionary: random claims, saves, releases, deletes and changes of leases over three keys and three nodes, with the tokens of
/// today and of all days before, are done to the store and to the model, and after each of them all that is stored must be the same in both.
/// </summary>
/// <param name="store">The store, which others may use at the same time.</param>
/// <param name="sample">A number of its own for each sequence, which keeps its records and leases apart from all others.</param>
/// <param name="now">The time of the store's clock, which stands still.</param>
internal sealed class GenerationsModel(IStateStore store, long sample, DateTimeOffset now)
{
    private const int Keys = 3;
    private const int Nodes = 3;

    // Lease numbers are random in life; here they only must not meet those of other samples.
    private const int LeasesPerSample = 1_000;

    private static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(5);

    private readonly string _type = $"sample-{sample}";
    private readonly Dictionary<string, StoredServer> _records = [];
    private readonly List<StoredServer> _past = [];
    private readonly Dictionary<long, NodeLease> _leases = [];
    private readonly long[] _leaseOfNode = new long[Nodes];
    private readonly Dictionary<string, Hint> _hints = [];
    private readonly StringBuilder _log = new();
    private long _claims;
    private long _leasesMade;

    public enum Command
    {
        Claim,
        Save,
        Release,
        Delete,
        CreateLease,
        RenewLease,
        RevokeLease,
        DeleteLease,
    }

    /// <summary>One step: what to do, to which key and as which node; the other numbers choose among what there is.</summary>
    public readonly record struct Step(Command Command, int Key, int Node, int Choice, int Detail);

    public static Gen<Step[]> Steps { get; } = Gen.Select(
        Gen.Frequency(
            (5, Gen.Const(Command.Claim)),
            (6, Gen.Const(Command.Save)),
            (2, Gen.Const(Command.Release)),
            (2, Gen.Const(Command.Delete)),
            (2, Gen.Const(Command.CreateLease)),
            (1, Gen.Const(Command.RenewLease)),
            (1, Gen.Const(Command.RevokeLease)),
            (2, Gen.Const(Command.DeleteLease))),
        Gen.Int[0, Keys - 1],
        Gen.Int[0, Nodes - 1],
        Gen.Int[0, 99],
        Gen.Int[0, 999],
        (command, key, node, choice, detail) => new Step(command, key, node, choice, detail)).Array[1, 40];

    public static async Task CheckAsync(IStateStore store, long sample, DateTimeOffset now, Step[] steps)
    {
        var model = new GenerationsModel(store, sample, now);

        // The witness: in every sample there is a token whose record is deleted and made anew.
        await model.TakeAsync(new Step(Command.Claim, 0, 0, 0, 0));
        await model.TakeAsync(new Step(Command.Save, 0, 0, 0, 0));
        await model.TakeAsync(new Step(Command.Delete, 0, 0, 0, 0));
        await model.TakeAsync(new Step(Command.Claim, 0, 1, 0, 0));
        foreach (var step in steps)
        {
            await model.TakeAsync(step);
        }

        await model.NoTokenOfThePastWorksAsync();
        await model.LeaveNoLeaseAsync();
    }

    private async Task TakeAsync(Step step)
    {
        _log.AppendLine(step.ToString());
        var lease = _leaseOfNode[step.Node];
        switch (step.Command)
        {
            case Command.Claim: await ClaimAsync(step); break;
            case Command.Save: await SaveAsync(step, (ServerStatus)(step.Detail % 10 < 6 ? 0 : step.Detail % 7)); break;
            case Command.Release: await SaveAsync(step, ServerStatus.StoppedGraceful); break;
            case Command.Delete: await DeleteAsync(step); break;
            case Command.CreateLease: await CreateLeaseAsync(step); break;
            case Command.RenewLease:
                var renews = _leases.TryGetValue(lease, out var found) && !found.IsRevoked;
                if (renews)
                {
                    _leases[lease] = found! with { Renewals = found.Renewals + 1 };
                }

                Check(renews, await store.RenewLeaseAsync(lease));
                break;
            case Command.RevokeLease:
                if (_leases.TryGetValue(lease, out var revoked))
                {
                    _leases[lease] = revoked with { IsRevoked = true };
                }

                await store.RevokeLeaseAsync(lease);
                break;
            case Command.DeleteLease:
                // Mostly as it is, sometimes in any case, sometimes as it was one renewal ago.
                long? renewals = _leases.TryGetValue(lease, out var last) && step.Choice % 4 > 0 ? last.Renewals - (step.Choice % 4 == 1 ? 1 : 0) : null;
                var stays = last is not null && renewals is { } expected && expected != last.Renewals;
                if (!stays)
                {
                    _leases.Remove(lease);
                }

                Check(!stays, await store.DeleteLeaseAsync(lease, renewals));
                break;
        }

        await CompareAsync(Key(step));
    }

    private async Task ClaimAsync(Step step)
    {
        // Mostly under the lease of the node, be it alive, revoked or deleted; sometimes under none.
        var lease = step.Choice % 5 == 0 ? 0 : _leaseOfNode[step.Node];
        var request = new ClaimRequest(new ServerId(_type, Key(step)), Number(++_claims), $"node-{step.Node}", step.Choice % 2 == 0, step.Detail % 4) { LeaseId = lease, Hint = HintOf(step) };
        var before = _records.GetValueOrDefault(request.Id.Key);
        var allowed = before is null
            || (before.StateVersion <= request.MaxStateVersion
                && before.Status is not (ServerStatus.Cordoned or ServerStatus.Deleting)
                && (request.ExplicitStart || before.Status is not (ServerStatus.StoppedPermanent or ServerStatus.PermanentlyCrashed)));
        var held = allowed && before is not null && before.LeaseId != 0 && before.LeaseId != lease && _leases.ContainsKey(before.LeaseId);

        var result = await store.ClaimAsync(request);

        Check(allowed && !held, result.Granted);
        Check(held, result.IsHeld);
        Check(before?.Status, result.PreviousStatus);
        if (result.Granted)
        {
            Put((before ?? new StoredServer(request.Id, default, 0, default, "", 0, null, now, now)) with
            {
                Token = new ClaimToken((before?.Token.Epoch ?? 0) + 1, request.ClaimId),
                Status = ServerStatus.Running,
                Owner = request.Owner,
                LeaseId = lease,
            });
        }

        Same(_records[request.Id.Key], result.Record);
    }

    private async Task SaveAsync(Step step, ServerStatus status)
    {
        var known = Known(step);

        // Never a bare null: by way of byte[] it would become an empty memory.
        var state = step.Detail % 3 == 0 ? default(ReadOnlyMemory<byte>?) : Encoding.UTF8.GetBytes($"{step.Detail}");
        var calls = (step.Detail % 4) switch { 0 => new byte[] { (byte)step.Detail, 0 }, 1 => ReadOnlyMemory<byte>.Empty, _ => default(ReadOnlyMemory<byte>?) };
        var request = new SaveRequest(known.Id, known.Token, known.Revision, status, 1 + (step.Detail % 3), state) { RecentCalls = calls, Hint = HintOf(step) };
        var stored = _records.GetValueOrDefault(known.Id.Key);
        var saves = stored is not null && stored.Token == known.Token && stored.Revision == known.Revision;
        if (saves)
        {
            Put(stored! with
            {
                Revision = stored.Revision + 1,
                Status = status,
                StateVersion = state is null ? stored.StateVersion : request.StateVersion,
                State = state ?? stored.State,
                RecentCalls = calls ?? stored.RecentCalls,
                LeaseId = status == ServerStatus.Running ? stored.LeaseId : 0,
            });
        }

        Check(saves ? SaveOutcome.Saved : SaveOutcome.Conflict, await store.SaveAsync(request));
    }

    private async Task DeleteAsync(Step step)
    {
        var known = Known(step);
        var deletes = _records.TryGetValue(known.Id.Key, out var stored) && stored.Token == known.Token && _records.Remove(known.Id.Key);
        Check(deletes ? SaveOutcome.Saved : SaveOutcome.Conflict, await store.DeleteAsync(known.Id, known.Token));
    }

    private async Task CreateLeaseAsync(Step step)
    {
        // The lease that the node had before goes on to exist; nobody renews it any more.
        var id = _leaseOfNode[step.Node] = (sample * LeasesPerSample) + ++_leasesMade;
        _leases[id] = new NodeLease(id, $"node-{step.Node}", TimeToLive, 0, false);
        await store.CreateLeaseAsync(id, $"node-{step.Node}", TimeToLive);
    }

    private async Task NoTokenOfThePastWorksAsync()
    {
        foreach (var past in _past)
        {
            var stored = _records.GetValueOrDefault(past.Id.Key);
            if (stored?.Token != past.Token)
            {
                var revision = stored?.Revision ?? past.Revision;
                Check(SaveOutcome.Conflict, await store.SaveAsync(new SaveRequest(past.Id, past.Token, revision, ServerStatus.Running, 1, Encoding.UTF8.GetBytes("0"))));
                Check(SaveOutcome.Conflict, await store.DeleteAsync(past.Id, past.Token));
            }
        }

        await CompareAsync("0");
    }

    /// <summary>Every listing would hold them, in all samples to come.</summary>
    private async Task LeaveNoLeaseAsync()
    {
        foreach (var lease in _leases.Keys)
        {
            Check(true, await store.DeleteLeaseAsync(lease));
        }
    }

    private void Put(StoredServer record)
    {
        _records[record.Id.Key] = record;
        _past.Add(record);
    }

    /// <summary>What the caller knows of a record: mostly what is stored, otherwise anything that ever was.</summary>
    private StoredServer Known(Step step) =>
        step.Choice % 3 > 0 && _records.TryGetValue(Key(step), out var stored) ? stored : _past[step.Choice * 31 % _past.Count];

    /// <summary>Mostly what was noted last with that key, by whomever; sometimes none, or what was noted with another key.</summary>
    private Hint? HintOf(Step step)
    {
        if (step.Detail % 5 == 0)
        {
            return null;
        }

        var key = step.Detail % 7 == 0 ? $"{(step.Key + 1) % Keys}" : Key(step);
        return _hints.TryGetValue(key, out var hint) ? hint : _hints[key] = new Hint();
    }

    private async Task CompareAsync(string key)
    {
        var read = await store.ReadAsync(new ServerId(_type, key));
        Same(_records.GetValueOrDefault(key), read);
        var listed = await store.ListAsync(new ServerQuery(_type) { IncludeState = true });
        Check(string.Join(' ', _records.Keys.Order(StringComparer.Ordinal)), string.Join(' ', listed.Select(record => record.Id.Key)));
        foreach (var record in listed)
        {
            Same(_records[record.Id.Key], record);
        }

        var first = sample * LeasesPerSample;
        var leases = (await store.ListLeasesAsync()).Where(lease => lease.Id > first && lease.Id < first + LeasesPerSample).OrderBy(lease => lease.Id);
        Check(string.Join('\n', _leases.Values.OrderBy(lease => lease.Id)), string.Join('\n', leases));
    }

    private void Same(StoredServer? expected, StoredServer? actual) => Check(Render(expected), Render(actual));

    private static string Render(StoredServer? record) => record is null
        ? "nothing"
        : $"{record with { State = null, RecentCalls = default }} {(record.State is { } state ? Encoding.UTF8.GetString(state.Span) : "none")} {Convert.ToHexString(record.RecentCalls.Span)}";

    private void Check<T>(T expected, T actual)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            Assert.Fail($"{_log}expected {expected}\nactual   {actual}");
        }
    }

    private static string Key(Step step) => $"{step.Key}";

    /// <summary>Spreads the numbers of claims over all 64 bits. No two claims may have the same, in whatever sample.</summary>
    private long Number(long claim) => unchecked(((sample * 1_000) + claim) * -7_046_029_254_386_353_131);

    private sealed class Hint : IRecordHint
    {
        public long Value { get; set; }
    }
}
