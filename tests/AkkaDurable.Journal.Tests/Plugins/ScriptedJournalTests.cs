using System.Text;
using Akka.Actor;
using AkkaDurable.Storage;

namespace AkkaDurable.Journal.Tests.Plugins;

/// <summary>What the store makes of the answers of a journal that lies, keeps silent or fails.</summary>
public sealed class ScriptedJournalTests : IAsyncLifetime
{
    private readonly string _name = Guid.NewGuid().ToString("N");
    private ActorSystem _system = null!;
    private JournalStateStore _store = null!;
    private StoredServer _record = null!;

    private ScriptedJournal.Tape Tape => ScriptedJournal.TapeOf(_name);

    public async Task InitializeAsync()
    {
        _system = ActorSystem.Create("scripted", ScriptedJournal.Settings(_name));
        _store = JournalStateStore.Create(_system, new JournalStateStoreOptions { JournalTimeout = TimeSpan.FromSeconds(1) });
        await _store.PrepareAsync();
        _record = (await _store.ClaimAsync(NewClaim(1))).Record;
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _system.Terminate();
    }

    [Fact]
    public async Task A_write_that_failed_but_was_done_is_saved()
    {
        Tape.BeforeWrite = Once((_, _, write) => write() ? throw new TimeoutException("no answer") : Task.CompletedTask);

        Assert.Equal(SaveOutcome.Saved, await SaveAsync(_record, "1"));

        Assert.Equal(1, (await _store.ReadAsync(_record.Id))!.Revision);
    }

    [Fact]
    public async Task A_write_that_failed_and_was_not_done_is_written_again()
    {
        var failures = 0;
        Tape.BeforeWrite = (_, _, _) => failures++ < 5 ? throw new InvalidOperationException("a neighbour's conflict") : Task.CompletedTask;

        Assert.Equal(SaveOutcome.Saved, await SaveAsync(_record, "1"));

        Assert.Equal(6, failures);
        Assert.Equal(1, (await _store.ReadAsync(_record.Id))!.Revision);
    }

    [Fact]
    public async Task A_write_that_always_fails_is_told_and_the_next_one_goes_through()
    {
        Tape.BeforeWrite = (_, _, _) => throw new InvalidOperationException("disk full");

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => SaveAsync(_record, "1"));
        Assert.Contains("disk full", failure.Message, StringComparison.Ordinal);

        Tape.BeforeWrite = (_, _, _) => Task.CompletedTask;
        Assert.Equal(SaveOutcome.Saved, await SaveAsync(_record, "2"));
        Assert.Equal("2", Encoding.UTF8.GetString((await _store.ReadAsync(_record.Id))!.State!.Value.Span));
    }

    [Fact]
    public async Task A_write_that_lands_after_its_caller_gave_up_makes_the_next_one_conflict()
    {
        var late = new TaskCompletionSource();
        var landed = new TaskCompletionSource();
        Tape.BeforeWrite = async (_, _, write) =>
        {
            await late.Task;
            write();
            landed.TrySetResult();
        };
        await Assert.ThrowsAsync<StoreUnavailableException>(() => SaveAsync(_record, "1"));

        Tape.BeforeWrite = (_, _, _) => Task.CompletedTask;
        late.SetResult();
        await landed.Task;

        Assert.Equal(SaveOutcome.Conflict, await SaveAsync(_record, "2"));
        var stored = (await _store.ReadAsync(_record.Id))!;
        Assert.Equal(1, stored.Revision);
        Assert.Equal("1", Encoding.UTF8.GetString(stored.State!.Value.Span));
    }

    [Fact]
    public async Task A_claim_that_was_done_and_then_taken_over_is_told_as_granted()
    {
        var other = ActorSystem.Create("scripted", ScriptedJournal.Settings(_name));
        await using var second = JournalStateStore.Create(other);
        await second.PrepareAsync();
        ClaimResult? theirs = null;
        Tape.BeforeWrite = Once(async (_, _, write) =>
        {
            write();
            Tape.BeforeWrite = (_, _, _) => Task.CompletedTask;
            theirs = await second.ClaimAsync(NewClaim(3));
            throw new TimeoutException("no answer");
        });

        var mine = await _store.ClaimAsync(NewClaim(2));

        Assert.True(mine.Granted);
        Assert.Equal(new ClaimToken(2, 2), mine.Record.Token);
        Assert.Equal(new ClaimToken(3, 3), theirs!.Record.Token);
        Assert.Equal(SaveOutcome.Conflict, await SaveAsync(mine.Record, "1"));
        await other.Terminate();
    }

    [Fact]
    public async Task A_journal_without_sequence_numbers_of_its_own_is_refused()
    {
        await using var store = JournalStateStore.Create(ActorSystem.Create("inmem", "akka.loglevel = OFF, akka.stdout-loglevel = OFF"));

        var refusal = await Assert.ThrowsAsync<StoreSchemaException>(() => store.PrepareAsync());

        Assert.Contains("unique", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_store_takes_nothing_more()
    {
        var silent = new TaskCompletionSource();
        Tape.BeforeWrite = (_, _, _) => silent.Task;
        var save = SaveAsync(_record, "1");

        await _store.DisposeAsync();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => save);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.ReadAsync(_record.Id).AsTask());
        silent.SetResult();
    }

    private static Func<string, long, Func<bool>, Task> Once(Func<string, long, Func<bool>, Task> script)
    {
        var isDone = 0;
        return (id, number, write) => Interlocked.Exchange(ref isDone, 1) == 0 ? script(id, number, write) : Task.CompletedTask;
    }

    private static ClaimRequest NewClaim(long claimId) => new(new ServerId("counter", "a"), claimId, "node", ExplicitStart: true, MaxStateVersion: 1);

    private Task<SaveOutcome> SaveAsync(StoredServer record, string state) =>
        _store.SaveAsync(new SaveRequest(record.Id, record.Token, record.Revision, ServerStatus.Running, 1, Encoding.UTF8.GetBytes(state))).AsTask();
}
