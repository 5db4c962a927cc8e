using System.Text.Json;
using Akka.Actor;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Runtime;
using Microsoft.Extensions.Time.Testing;

namespace AkkaDurable.Tests.Calls;

public sealed class CallChannelTests : IDisposable
{
    private static readonly CallFailure s_held = new(FailureKind.Held, "held");

    private readonly FakeTimeProvider _time = new();
    private readonly CallChannel _channel;

    public CallChannelTests() => _channel = new CallChannel(_time);

    public void Dispose() => _channel.Dispose();

    [Fact]
    public async Task A_reply_ends_its_call()
    {
        var (task, id) = Begin<int>();
        _channel.Complete(new ReplyEnvelope(id, 42));
        Assert.Equal(42, await task);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_thread_that_brings_a_reply_does_not_run_the_callers_code(bool isOneOfMany)
    {
        for (var round = 0; round < 3; round++)
        {
            // Twice for the same pooled call, once by each way before: neither leaves anything behind for the next.
            var (task, id) = Begin<int>();
            var resumedOn = ResumedOnAsync(task);
            using var isBusy = new ManualResetEventSlim();
            var bringer = new Thread(() =>
            {
                _channel.Complete(new ReplyEnvelope(id, 42), isOneOfMany ^ (round == 1));
                isBusy.Wait();
            });
            bringer.Start();
            var thread = await resumedOn.WaitAsync(TimeSpan.FromSeconds(30));
            isBusy.Set();
            bringer.Join();
            Assert.NotEqual(bringer.ManagedThreadId, thread);
        }

        static async Task<int> ResumedOnAsync(ValueTask<int> task)
        {
            Assert.Equal(42, await task);
            return Environment.CurrentManagedThreadId;
        }
    }

    [Fact]
    public async Task A_call_without_a_reply_ends_by_its_time_out()
    {
        var (task, _) = Begin<int>(timeout: TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(task.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(51));
        var error = await Assert.ThrowsAsync<OutcomeUnknownException>(async () => await task);
        Assert.Equal(CallOutcome.Unknown, error.Outcome);
        Assert.Contains("type/key did not reply within 1000 ms", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_without_a_time_out_waits_for_ever()
    {
        var (task, id) = Begin<int>(timeout: Timeout.InfiniteTimeSpan);
        _time.Advance(TimeSpan.FromHours(2));
        Assert.False(task.IsCompleted);
        _channel.Complete(new ReplyEnvelope(id, 1));
        Assert.Equal(1, await task);
    }

    [Fact]
    public async Task A_reply_that_comes_too_late_does_not_reach_the_next_call_of_the_slot()
    {
        var (first, lateId) = Begin<int>(timeout: TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<OutcomeUnknownException>(async () => await first);

        // Slots are used in turn; go round once.
        ValueTask<int> second;
        long id;
        for ((second, id) = Begin<int>(); (uint)id != (uint)lateId; (second, id) = Begin<int>())
        {
            _channel.Complete(new ReplyEnvelope(id, 0));
            Assert.Equal(0, await second);
        }

        _channel.Complete(new ReplyEnvelope(lateId, 666));
        Assert.False(second.IsCompleted);
        _channel.Complete(new ReplyEnvelope(id, 2));
        Assert.Equal(2, await second);
    }

    [Fact]
    public async Task A_second_reply_is_dropped()
    {
        var (task, id) = Begin<int>();
        _channel.Complete(new ReplyEnvelope(id, 1));
        _channel.Complete(new ReplyEnvelope(id, 2));
        Assert.Equal(1, await task);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    [InlineData(12345)]
    public void A_reply_to_nobody_is_dropped(long id) => _channel.Complete(new ReplyEnvelope(id, 1));

    [Fact]
    public async Task A_time_out_beyond_all_counting_ended_its_call_at_once()
    {
        var (task, id) = Begin<int>(timeout: TimeSpan.MaxValue);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(task.IsCompleted);
        _channel.Complete(new ReplyEnvelope(id, 1));
        Assert.Equal(1, await task);
    }

    [Fact]
    public void Calls_that_nobody_awaited_kept_their_slots_for_ever()
    {
        long highest = 0;
        for (var i = 0; i < 10_000; i++)
        {
            var (_, id) = Begin<int>();
            highest = Math.Max(highest, (uint)id);
            _channel.Complete(new ReplyEnvelope(id, 1));
        }

        Assert.True(highest < 1024, $"Slot {highest} is in use though no call is open.");
    }

    [Fact]
    public async Task A_reply_that_cannot_be_read_says_that_the_call_was_applied()
    {
        var (task, id) = Begin<int>();
        _channel.Complete(new ReplyEnvelope(id, new EncodedPayload("", "\"text\""u8.ToArray())));
        Assert.Equal(CallOutcome.Applied, (await Assert.ThrowsAsync<ReplyUnreadableException>(async () => await task)).Outcome);
    }

    [Fact]
    public async Task A_cancelled_call_ends_at_once()
    {
        using var source = new CancellationTokenSource();
        _channel.Begin<int>("type", "key", JsonSerializerOptions.Default, Timeout.InfiniteTimeSpan, isNumbered: false, source.Token, out var task, out _, out _);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await task);
    }

    [Fact]
    public async Task Closing_ends_all_calls()
    {
        var (task, _) = Begin<int>();
        _channel.Dispose();
        await Assert.ThrowsAsync<OutcomeUnknownException>(async () => await task);
        Assert.Throws<ObjectDisposedException>(() => Begin<int>());
    }

    [Fact]
    public async Task A_result_asked_for_too_early_throws_and_leaves_the_call_alone()
    {
        var (task, id) = Begin<int>();
        Assert.Throws<InvalidOperationException>(() => task.Result);
        _channel.Complete(new ReplyEnvelope(id, 5));
        Assert.Equal(5, await task);
    }

    [Fact]
    public async Task An_encoded_reply_is_read_as_what_the_request_promises()
    {
        var (task, id) = Begin<CounterState>();
        _channel.Complete(new ReplyEnvelope(id, new EncodedPayload("", """{"Count":3}"""u8.ToArray())));
        Assert.Equal(new CounterState(3), await task);
    }

    [Fact]
    public async Task Calls_from_many_threads_each_get_their_own_reply()
    {
        await Parallel.ForAsync(0, 8, async (worker, _) =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                var expected = (worker * 100_000) + i;
                var (task, id) = Begin<int>();
                ThreadPool.QueueUserWorkItem(_ => _channel.Complete(new ReplyEnvelope(id, expected)));
                Assert.Equal(expected, await task);
            }
        });
    }

    [Fact]
    public async Task A_call_cancelled_before_it_was_sent_left_its_repeats_to_the_next_one()
    {
        using var source = new CancellationTokenSource();
        var call = _channel.Begin<int>("type", "key", JsonSerializerOptions.Default, Timeout.InfiniteTimeSpan, isNumbered: true, source.Token, out var cancelled, out var cancelledId, out _);
        await source.CancelAsync();
        call.RepeatAfter(new CallEnvelope("type", "key", cancelledId, "request"), TimeSpan.FromSeconds(1), _channel.Now);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await cancelled);

        // The same object, for a message that is not sent again.
        var (task, id) = Begin<int>(Timeout.InfiniteTimeSpan);
        _channel.Complete(new ReplyEnvelope(id, null, new CallFailure(FailureKind.OwnershipLost, "moved")));
        Assert.True(task.IsCompleted);
        await Assert.ThrowsAsync<OwnershipLostException>(async () => await task);
    }

    [Fact]
    public async Task A_refusal_of_an_earlier_call_does_not_count_for_the_next_one()
    {
        var moved = new CallFailure(FailureKind.OwnershipLost, "moved");
        var call = _channel.Begin<int>("type", "key", JsonSerializerOptions.Default, TimeSpan.FromSeconds(1), isNumbered: true, CancellationToken.None, out var first, out var firstId, out _);
        _channel.Complete(new ReplyEnvelope(firstId, 1));
        Assert.Equal(1, await first);

        var (second, _) = Begin<int>(TimeSpan.FromSeconds(1));
        call.TryPostpone(firstId, moved, _channel.Now, 0);
        _time.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<OutcomeUnknownException>(async () => await second);
    }

    [Fact]
    public async Task A_call_that_waits_at_a_held_server_did_not_run_when_its_time_is_over()
    {
        var (task, id) = Begin<int>(TimeSpan.FromSeconds(1));
        _channel.Complete(new ReplyEnvelope(id, null, s_held));
        Assert.False(task.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));
        var told = await Assert.ThrowsAsync<PlacementUnavailableException>(async () => await task);
        Assert.Equal((CallOutcome.NotApplied, "held"), (told.Outcome, told.Message));
    }

    [Fact]
    public async Task Of_a_call_that_waits_at_a_held_server_but_was_sent_twice_it_is_not_known_whether_it_ran()
    {
        var sent = new Sent();
        var (task, id) = BeginSent(sent, resendAfter: TimeSpan.FromMilliseconds(300));
        _time.Advance(TimeSpan.FromMilliseconds(400));
        Assert.Single(sent.Messages);
        _channel.Complete(new ReplyEnvelope(id, null, s_held));
        _time.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<OutcomeUnknownException>(async () => await task);
    }

    [Fact]
    public async Task A_call_that_was_held_is_sent_again_when_it_is_let_go_and_no_more_once_it_has_ended()
    {
        var sent = new Sent();
        var (task, id) = BeginSent(sent, resendAfter: null);
        _channel.Complete(new ReplyEnvelope(id, null, s_held));
        _channel.Complete(new ReplyEnvelope(id, null, s_held with { Kind = FailureKind.LetGo }));
        Assert.Equal(id, Assert.IsType<CallEnvelope>(Assert.Single(sent.Messages)).CorrelationId);
        _time.Advance(TimeSpan.FromSeconds(2));

        // It may be running by now.
        await Assert.ThrowsAsync<OutcomeUnknownException>(async () => await task);
        _channel.Complete(new ReplyEnvelope(id, null, s_held with { Kind = FailureKind.LetGo }));
        Assert.Single(sent.Messages);
    }

    [Fact]
    public async Task A_call_that_is_known_not_to_have_run_is_not_sent_again_just_before_its_time_is_over()
    {
        var sent = new Sent();
        var (task, id) = BeginSent(sent, resendAfter: TimeSpan.FromMilliseconds(900));
        _channel.Complete(new ReplyEnvelope(id, null, s_held));
        _time.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<PlacementUnavailableException>(async () => await task);
        Assert.Empty(sent.Messages);
    }

    private (ValueTask<int> Task, long Id) BeginSent(Sent sent, TimeSpan? resendAfter)
    {
        // Asked for nothing but where replies go.
        using var node = new DurableNode(_time, null, null, "akka://test", 1024);
        var type = new ServerType(node, "type", typeof(Counter), new DurableServerOptions { PassivateAfter = Timeout.InfiniteTimeSpan });
        var call = _channel.Begin<int>("type", "key", JsonSerializerOptions.Default, TimeSpan.FromSeconds(1), isNumbered: false, CancellationToken.None, out var task, out var id, out _);
        var envelope = new CallEnvelope("type", "key", id, "request");
        envelope.TryTake();
        envelope.Leave();
        call.Sends(envelope, new Gateway(type, sent));
        if (resendAfter is { } after)
        {
            call.RepeatAfter(envelope, after, _channel.Now);
        }

        return (task, id);
    }

    private (ValueTask<T> Task, long Id) Begin<T>(TimeSpan? timeout = null)
    {
        _channel.Begin<T>("type", "key", JsonSerializerOptions.Default, timeout ?? TimeSpan.FromHours(1), isNumbered: false, CancellationToken.None, out var task, out var id, out _);
        return (task, id);
    }

    private sealed class Sent : ICanTell
    {
        public List<object> Messages { get; } = [];

        public void Tell(object message, IActorRef sender) => Messages.Add(message);
    }
}
