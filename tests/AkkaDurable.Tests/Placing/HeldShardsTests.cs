using Akka.Actor;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Runtime;
using AkkaDurable.Placement;
using Microsoft.Extensions.Time.Testing;

namespace AkkaDurable.Tests.Placing;

public sealed class HeldShardsTests : IDisposable
{
    private static readonly TimeSpan s_callTimeout = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new();
    private readonly DurableNode _node;
    private readonly ServerType _type;
    private readonly Line _line = new();
    private readonly Dictionary<string, Func<PlacementHold>> _holds = [];
    private readonly IDurableServers<Counter> _counters;

    public HeldShardsTests()
    {
        _node = new DurableNode(_time, null, null, "here", 100_000);
        _type = new ServerType(_node, "counter", typeof(Counter), new DurableServerOptions { CallTimeout = s_callTimeout, ResendAfter = TimeSpan.FromSeconds(1) });
        _node.Add<Counter>(_type);
        _type.Gateway = new Gateway(_type, _line);
        _type.Holds.Watch(shard => _holds.GetValueOrDefault(shard)?.Invoke());
        _counters = _node.For<Counter>();
    }

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task A_call_to_a_pinned_shard_fails_at_once_and_is_not_sent()
    {
        Hold("a", opensAfter: null);

        var error = await Assert.ThrowsAsync<PlacementUnavailableException>(async () => await _counters["a"].CallAsync(new Increment()));

        Assert.Equal(CallOutcome.NotApplied, error.Outcome);
        Assert.Null(error.RetryAfter);
        Assert.Contains("its zone is away", error.Message, StringComparison.Ordinal);
        Assert.Empty(_line.Sent);
    }

    [Fact]
    public async Task A_hold_that_outlasts_the_time_out_is_told_with_its_rest()
    {
        Hold("a", opensAfter: TimeSpan.FromSeconds(60));
        _time.Advance(TimeSpan.FromSeconds(2));

        var error = await Assert.ThrowsAsync<PlacementUnavailableException>(async () => await _counters["a"].CallAsync(new Increment()));

        Assert.Equal(TimeSpan.FromSeconds(58), error.RetryAfter);
    }

    [Fact]
    public async Task A_hold_that_ends_within_the_time_out_is_waited_for()
    {
        Hold("a", opensAfter: TimeSpan.FromSeconds(3));

        var call = _counters["a"].CallAsync(new Increment()).AsTask();

        _node.Channel.Complete(new ReplyEnvelope(Assert.Single(_line.Calls).CorrelationId, 7));
        Assert.Equal(7, await call);
    }

    [Fact]
    public async Task A_call_that_waits_already_is_told_when_its_shard_is_held_and_never_runs()
    {
        var call = _counters["a"].CallAsync(new Increment()).AsTask();
        var start = _counters["a"].EnsureStartedAsync().AsTask();

        Hold("a", opensAfter: null);

        await Assert.ThrowsAsync<PlacementUnavailableException>(() => call);
        await Assert.ThrowsAsync<PlacementUnavailableException>(() => start);
        Assert.All(_line.Sent, envelope => Assert.False(envelope.TryTake()));
    }

    [Fact]
    public async Task A_repeat_of_a_call_is_withdrawn_with_it()
    {
        var call = _counters["a"].CallAsync(new Increment()).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(1_100));
        Assert.Equal(2, _line.Calls.Count());

        Hold("a", opensAfter: null);

        await Assert.ThrowsAsync<PlacementUnavailableException>(() => call);
        Assert.All(_line.Sent, envelope => Assert.False(envelope.TryTake()));
    }

    // It may have run where it went.
    [Fact]
    public async Task A_call_that_has_left_goes_on_waiting()
    {
        var call = _counters["a"].CallAsync(new Increment()).AsTask();
        Assert.True(Assert.Single(_line.Calls).TryTake());

        Hold("a", opensAfter: null);

        Assert.False(call.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(CallOutcome.Unknown, (await Assert.ThrowsAsync<OutcomeUnknownException>(() => call)).Outcome);
    }

    [Fact]
    public void Calls_to_other_shards_and_types_are_not_concerned()
    {
        var call = _counters["b"].CallAsync(new Increment()).AsTask();

        Hold("a", opensAfter: null);

        Assert.NotEqual(_type.Layout.ShardOf("a"), _type.Layout.ShardOf("b"));
        Assert.False(call.IsCompleted);
    }

    [Fact]
    public void A_released_shard_is_open_again()
    {
        Hold("a", opensAfter: null);
        _holds.Clear();

        Assert.False(_counters["a"].CallAsync(new Increment()).AsTask().IsCompleted);
        Hold("a", opensAfter: null);
        Assert.True(_counters["a"].CallAsync(new Increment()).AsTask().IsFaulted);
    }

    // A node that would do may come at any moment.
    [Fact]
    public void A_hold_without_an_end_of_a_shard_that_is_not_pinned_is_waited_for()
    {
        Hold("a", opensAfter: null, isPinned: false);

        Assert.False(_counters["a"].CallAsync(new Increment()).AsTask().IsCompleted);
    }

    [Fact]
    public async Task A_hold_that_outlasts_the_time_out_is_told_though_the_shard_is_not_pinned()
    {
        Hold("a", opensAfter: TimeSpan.FromSeconds(6), isPinned: false);

        Assert.Equal(TimeSpan.FromSeconds(6), (await Assert.ThrowsAsync<PlacementUnavailableException>(async () => await _counters["a"].CallAsync(new Increment()))).RetryAfter);
    }

    [Fact]
    public async Task Full_nodes_are_told_as_such()
    {
        Hold("a", opensAfter: null, isPinned: false, PlacementReason.AtLimits);

        await Assert.ThrowsAsync<CapacityExceededException>(async () => await _counters["a"].CallAsync(new Increment()));
    }

    [Fact]
    public async Task A_call_that_finds_no_place_within_its_time_did_not_run()
    {
        var call = _counters["a"].CallAsync(new Increment()).AsTask();
        _time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(CallOutcome.NotApplied, (await Assert.ThrowsAsync<PlacementUnavailableException>(() => call)).Outcome);
        Assert.All(_line.Sent, envelope => Assert.False(envelope.TryTake()));
    }

    private void Hold(string key, TimeSpan? opensAfter, bool isPinned = true, PlacementReason reason = PlacementReason.NoNode)
    {
        var shard = _type.Layout.ShardOf(key);
        var opensAt = opensAfter is { } after ? _time.GetUtcNow() + after : (DateTimeOffset?)null;
        _holds[shard] = () => new PlacementHold("counter", shard, reason, "its zone is away.", opensAt - _time.GetUtcNow(), isPinned);
        _type.Holds.OnHeld(_holds[shard]());
    }

    private sealed class Line : ICanTell
    {
        public List<ServerEnvelope> Sent { get; } = [];

        public IEnumerable<CallEnvelope> Calls => Sent.OfType<CallEnvelope>();

        public void Tell(object message, IActorRef sender) => Sent.Add((ServerEnvelope)message);
    }
}
