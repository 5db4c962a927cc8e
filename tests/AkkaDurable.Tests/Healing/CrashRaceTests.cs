using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Runtime;
using AkkaDurable.Storage;
using AkkaDurable.Tests.Review;
using Microsoft.Extensions.Time.Testing;

namespace AkkaDurable.Tests.Healing;

/// <summary>What happens at the same moment as a crash, in an order that the test decides.</summary>
public sealed class CrashRaceTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private readonly LateStore _store = new();
    private readonly TestLease _lease;
    private readonly DurableNode _node;

    public CrashRaceTests()
    {
        _lease = new TestLease(_time);
        _node = new DurableNode(_time, null, null, "akka://test", 1024 * 1024) { Store = _store, Lease = _lease };
    }

    public void Dispose() => _node.Dispose();

    [Fact]
    public void A_late_reply_while_the_crash_was_written_was_lost()
    {
        From? kept = null;
        var host = Host(factory: () => new Patient { AtWait = from => kept = from });
        Assert.Equal(1, host.Ask(Call(1, new Increment())).Value);

        // A save is under way, and the state has changed since it was begun.
        var save = _store.AnswerLate();
        List<ReplyEnvelope> replies = [];
        host.Tell(Call(2, new Wait()), replies.Add);
        host.Tell(Call(3, new Increment()), replies.Add);
        host.Tell(Call(4, new Crash("boom")), replies.Add);
        var crashSave = _store.AnswerLate();
        EndNow(save);
        kept!.Value.Reply(7);
        host.Pump();
        EndNow(crashSave);
        host.Pump();
        Assert.Equal([2, 3, 4], replies.Select(reply => reply.CorrelationId).Order());
        Assert.All(replies, reply => Assert.NotNull(reply.Failure));
    }

    [Fact]
    public async Task A_record_that_had_another_owner_during_the_wait_was_run_as_it_had_been()
    {
        var host = Host();
        Assert.Equal(1, host.Ask(Call(1, new Increment())).Value);
        host.Tell(Call(2, new Crash("boom")), _ => { });
        host.Tell(Call(3, new Crash("boom")), _ => { });
        Assert.False(host.Process.IsRunning);

        // The lease is lost; another node takes the server over, changes it and leaves.
        _lease.Lose();
        var claim = await _store.ClaimAsync(new ClaimRequest(host.Process.Id, 99, "akka://other", false, int.MaxValue));
        Assert.True(claim.Granted);
        await _store.SaveAsync(new SaveRequest(host.Process.Id, claim.Record.Token, claim.Record.Revision, ServerStatus.StoppedGraceful, 1, """{"Count":42,"Text":""}"""u8.ToArray()));
        _lease.Renew();
        _time.Advance(TimeSpan.FromSeconds(1));
        host.Pump();
        Assert.True(host.Process.IsRunning);
        Assert.Equal(new PatientState(42), host.Process.State);
    }

    // Before this returns, the process has its message: with a context of the test runner what waits would go on elsewhere.
    private static void EndNow(TaskCompletionSource<SaveOutcome> save)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        save.SetResult(SaveOutcome.Saved);
        SynchronizationContext.SetSynchronizationContext(context);
    }

    private static CallEnvelope Call(long id, object request) => new("test", "key", id, request);

    private PumpedHost Host(Func<DurableServer>? factory = null) => new(_node, typeof(Patient), o => o.RestartDelay = TimeSpan.FromSeconds(1), factory ?? (() => new Patient()));
}
