using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Runtime;
using AkkaDurable.Storage;
using AkkaDurable.TestKit.Internal;
using Microsoft.Extensions.Time.Testing;

namespace AkkaDurable.Tests.RunOnce;

/// <summary>The calling node: when a call is sent again, and what its caller learns in the end.</summary>
public sealed class RepeatedCallTests : IDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(5);
    private readonly FakeTimeProvider _time = new();
    private readonly List<CallEnvelope> _sent = [];
    private readonly DurableNode _node;
    private readonly ServerRef _server;

    public RepeatedCallTests()
    {
        _node = new DurableNode(_time, null, null, "akka://test", 1024) { Store = new InMemoryStateStore() };
        _server = Register(new DurableServerOptions());
    }

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task A_call_without_an_answer_is_sent_again_with_the_same_id()
    {
        var call = _server.CallAsync(new Increment(1), s_timeout);
        Pass(TimeSpan.FromMilliseconds(1_050));
        Assert.Equal(2, _sent.Count);
        Assert.False(_sent[0].IsRepeat);
        Assert.True(_sent[1].IsRepeat);
        Assert.Equal(_sent[0].Id, _sent[1].Id);
        Assert.Equal(_sent[0].CorrelationId, _sent[1].CorrelationId);
        _node.Channel.Complete(new ReplyEnvelope(_sent[1].CorrelationId, 1));
        Assert.Equal(1, await call);
        Pass(TimeSpan.FromSeconds(10));
        Assert.Equal(2, _sent.Count);
    }

    [Fact]
    public async Task Each_time_it_waits_twice_as_long()
    {
        var call = _server.CallAsync(new Increment(1), TimeSpan.FromSeconds(8));
        Pass(TimeSpan.FromMilliseconds(2_900));
        Assert.Equal(2, _sent.Count);
        Pass(TimeSpan.FromMilliseconds(300));
        Assert.Equal(3, _sent.Count);
        Pass(TimeSpan.FromSeconds(5));
        var error = await Assert.ThrowsAsync<OutcomeUnknownException>(async () => await call);
        Assert.Equal(_sent[0].Id.Text, error.CallId);
        Assert.Contains("asked 4 times", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_owner_is_not_the_end_of_the_call()
    {
        var call = _server.CallAsync(new Increment(1), s_timeout);
        Answer(new CallFailure(FailureKind.OwnershipLost, "moved"));
        Assert.False(call.IsCompleted);
        Pass(TimeSpan.FromMilliseconds(150));
        Assert.Equal(2, _sent.Count);
        _node.Channel.Complete(new ReplyEnvelope(_sent[1].CorrelationId, 7));
        Assert.Equal(7, await call);
    }

    [Fact]
    public async Task When_every_attempt_met_a_lost_owner_the_caller_learns_that_nothing_ran()
    {
        var call = _server.CallAsync(new Increment(1), TimeSpan.FromMilliseconds(500));
        for (var attempt = 0; !call.IsCompleted && attempt < 100; attempt++)
        {
            Answer(new CallFailure(FailureKind.OwnershipLost, "moved"));
            Pass(TimeSpan.FromMilliseconds(50));
        }

        Assert.Equal(CallOutcome.NotApplied, (await Assert.ThrowsAsync<OwnershipLostException>(async () => await call)).Outcome);
    }

    [Fact]
    public async Task When_one_attempt_may_have_run_the_caller_learns_that_too()
    {
        var call = _server.CallAsync(new Increment(1), TimeSpan.FromSeconds(2));
        Pass(TimeSpan.FromMilliseconds(1_050));
        Answer(new CallFailure(FailureKind.OwnershipLost, "moved"));
        Pass(TimeSpan.FromSeconds(1));
        var error = await Assert.ThrowsAsync<OutcomeUnknownException>(async () => await call);
        Assert.IsType<OwnershipLostException>(error.InnerException);
    }

    [Fact]
    public async Task A_cancelled_call_is_not_sent_again()
    {
        using var source = new CancellationTokenSource();
        var call = _server.CallAsync(new Increment(1), s_timeout, source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await call);
        Pass(TimeSpan.FromSeconds(3));
        Assert.Single(_sent);
    }

    [Fact]
    public void Each_call_tells_which_is_the_oldest_still_open()
    {
        // Three calls to one key; the second ends.
        _ = _server.CallAsync(new Increment(1), s_timeout).AsTask();
        _ = _server.CallAsync(new Increment(1), s_timeout).AsTask();
        _node.Channel.Complete(new ReplyEnvelope(_sent[0].CorrelationId, 1));
        _ = _server.CallAsync(new Increment(1), s_timeout).AsTask();
        Assert.Equal([(1L, 1L), (2L, 1L), (3L, 2L)], _sent.Select(call => (call.Id.Sequence, call.Id.OpenFrom)));
        Assert.All(_sent, call => Assert.Equal(_node.Channel.Session, call.Id.Session));
    }

    [Fact]
    public async Task Servers_that_remember_no_calls_get_each_call_once()
    {
        _node.Channel.Dispose();
        using var node = new DurableNode(_time, null, null, "akka://test", 1024) { Store = new InMemoryStateStore() };
        var server = Register(new DurableServerOptions { RememberedCalls = 0 }, node);
        var call = server.CallAsync(new Increment(1), s_timeout);
        Pass(TimeSpan.FromSeconds(6));
        await Assert.ThrowsAsync<OutcomeUnknownException>(async () => await call);
        Assert.True(Assert.Single(_sent).Id.IsNone);
        var refused = await Assert.ThrowsAsync<ArgumentException>(async () => await server.CallAsync(new Increment(1), new CallOptions { Id = "order-1" }));
        Assert.Contains("RememberedCalls is 0", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("a\nb")]
    public async Task A_bad_call_id_is_refused_at_once(string id)
    {
        await Assert.ThrowsAsync<ArgumentException>(async () => await _server.CallAsync(new Increment(1), new CallOptions { Id = id }));
        Assert.Empty(_sent);
    }

    // As a server does, or the way to another node: from here on the call may run.
    private void Take(CallEnvelope call)
    {
        Assert.True(call.TryTake());
        _sent.Add(call);
    }

    // In the channel's own steps, as real time does.
    private void Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(50))
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
        }
    }

    private void Answer(CallFailure failure) => _node.Channel.Complete(new ReplyEnvelope(_sent[^1].CorrelationId, null, failure));

    private ServerRef Register(DurableServerOptions options, DurableNode? node = null)
    {
        node ??= _node;
        var type = new ServerType(node, "counter", typeof(Counter), options);
        type.Gateway = new Gateway(type, new ProbeRef("region", (message, _) => Take((CallEnvelope)message)));
        node.Add<Counter>(type);
        return node.For<Counter>()["k"];
    }
}
