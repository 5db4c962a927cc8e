using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Calls.Recent;
using AkkaDurable.Internal.Wire;
using CsCheck;

namespace AkkaDurable.Tests.RunOnce;

public sealed class RecentCallsTests
{
    private const long Session = 77;
    private static readonly MessageType s_increment = new(typeof(Increment), "increment", typeof(int), System.Text.Json.JsonSerializerOptions.Default);
    private static readonly RecentCallsLimits s_limits = new(Replies: 4, ReplyBytes: 1_000, KeepFor: 60_000);

    private enum Step
    {
        NewCall,
        Repeat,
        RepeatOfAnother,
        EndCall,
        Store,
        Read,
    }

    [Fact]
    public void A_call_that_ran_is_never_taken_for_new_and_a_new_one_never_for_one_that_ran() =>
        Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 1], Gen.Int[0, 1_000]).Array[1, 120].Sample(steps =>
        {
            var calls = new RecentCalls(s_limits);
            Client[] clients = [new(101), new(202)];
            foreach (var (step, which, number) in steps)
            {
                var client = clients[which];
                switch (step)
                {
                    case Step.NewCall:
                        Assert.False(calls.HasRun(client.Begin(), out _));
                        calls.Add(client.Last, new ReplyEnvelope(0, (int)client.Last.Sequence), s_increment, now: 0);
                        break;
                    case Step.Repeat when client.Open.Count > 0:
                        // Not run a second time, and answered right if at all.
                        Assert.NotEqual(false, calls.HasRun(client.Open[number % client.Open.Count], out var reply));
                        Assert.True(reply is null || int.Parse(reply.Json.Span, System.Globalization.CultureInfo.InvariantCulture) == client.Open[number % client.Open.Count].Sequence);
                        break;
                    case Step.RepeatOfAnother when client.Ended.Count > 0:
                        Assert.NotEqual(false, calls.HasRun(client.Ended[number % client.Ended.Count], out _));
                        break;
                    case Step.EndCall when client.Open.Count > 0:
                        client.End(number % client.Open.Count);
                        break;
                    case Step.Store when calls.Take() is { } stored:
                        calls = RecentCallsFormat.Read(stored.ToArray(), s_limits);
                        break;
                    case Step.Read:
                        // A read is not remembered, but tells what nobody waits for any more.
                        Assert.False(calls.HasRun(client.Begin(), out _));
                        client.Forget();
                        break;
                }
            }
        }, iter: 10_000);

    [Fact]
    public void Replies_beyond_the_limit_are_forgotten_but_not_that_the_calls_ran()
    {
        var calls = new RecentCalls(s_limits);
        for (var i = 1; i <= 10; i++)
        {
            calls.Add(Id(i, openFrom: 1), new ReplyEnvelope(0, i), s_increment, now: 0);
        }

        Assert.True(calls.HasRun(Id(6, 1), out var forgotten));
        Assert.Null(forgotten);
        Assert.True(calls.HasRun(Id(7, 1), out var kept));
        Assert.Equal("7"u8.ToArray(), kept!.Json.ToArray());
    }

    [Fact]
    public void What_does_not_fit_any_more_is_neither_answered_nor_run()
    {
        var calls = new RecentCalls(s_limits);
        for (var i = 1; i <= s_limits.Ids + 10; i++)
        {
            calls.Add(Id(i, openFrom: 1), null, s_increment, now: 0);
        }

        Assert.Null(calls.HasRun(Id(1, 1), out _));
        Assert.True(calls.HasRun(Id(11, 1), out _));
        Assert.False(calls.HasRun(Id(s_limits.Ids + 11, 1), out _));
    }

    [Fact]
    public void A_call_that_very_many_others_overtook_failed_though_it_had_never_run()
    {
        var calls = new RecentCalls(s_limits);
        for (var i = 2; i <= s_limits.Ids + 50; i++)
        {
            calls.Add(Id(i, openFrom: 1), null, s_increment, now: 0);
        }

        calls = RecentCallsFormat.Read(calls.Take()!.Value, s_limits);
        Assert.False(calls.HasRun(Id(1, 1), out _));
        Assert.Null(calls.HasRun(Id(2, 1), out _));

        // It runs, once.
        calls.Add(Id(1, 1), null, s_increment, now: 0);
        Assert.Null(calls.HasRun(Id(1, 1), out _));
        calls = RecentCallsFormat.Read(calls.Take()!.Value, s_limits);
        Assert.Null(calls.HasRun(Id(1, 1), out _));
    }

    [Fact]
    public void Replies_of_too_many_bytes_are_not_stored()
    {
        var text = new MessageType(typeof(object), "text", typeof(string), System.Text.Json.JsonSerializerOptions.Default);
        var calls = new RecentCalls(s_limits);
        calls.Add(Id(1, 1), new ReplyEnvelope(0, new string('a', 600)), text, now: 0);
        calls.Add(Id(2, 1), new ReplyEnvelope(0, new string('b', 600)), text, now: 0);
        var stored = calls.Take()!.Value;
        Assert.InRange(stored.Length, 600, 700);
        var read = RecentCallsFormat.Read(stored, s_limits);
        Assert.True(read.HasRun(Id(1, 1), out var first));
        Assert.Null(first);
        Assert.True(read.HasRun(Id(2, 1), out var second));
        Assert.NotNull(second);
    }

    [Fact]
    public void A_reply_that_does_not_survive_JSON_is_not_remembered_but_its_call_is()
    {
        var cyclic = new MessageType(typeof(object), "cyclic", typeof(Cyclic), System.Text.Json.JsonSerializerOptions.Default);
        var calls = new RecentCalls(s_limits);
        calls.Add(Id(1, 1), new ReplyEnvelope(0, new Cyclic()), cyclic, now: 0);
        var read = RecentCallsFormat.Read(calls.Take()!.Value, s_limits);
        Assert.True(read.HasRun(Id(1, 1), out var reply));
        Assert.Null(reply);
    }

    [Fact]
    public void Given_ids_are_kept_for_their_time_and_then_forgotten()
    {
        var calls = new RecentCalls(s_limits);
        calls.Add(new CallId(0, 0, 0, "order-1"), new ReplyEnvelope(0, 1), s_increment, now: 0);
        calls = RecentCallsFormat.Read(calls.Take()!.Value, s_limits);
        Assert.True(calls.HasRun(new CallId(0, 0, 0, "order-1"), out var reply));
        Assert.Equal("1"u8.ToArray(), reply!.Json.ToArray());
        calls.Add(new CallId(0, 0, 0, "order-2"), new ReplyEnvelope(0, 2), s_increment, now: s_limits.KeepFor + 1);
        Assert.False(calls.HasRun(new CallId(0, 0, 0, "order-1"), out _));
        Assert.True(calls.HasRun(new CallId(0, 0, 0, "order-2"), out _));
    }

    [Fact]
    public void Nodes_that_fell_silent_are_forgotten()
    {
        var calls = new RecentCalls(s_limits);
        calls.Add(new CallId(1, 1, 1), null, s_increment, now: 0);
        calls.Add(new CallId(2, 1, 1), null, s_increment, now: s_limits.KeepFor + 1);
        Assert.Equal([2], calls.Callers.Select(caller => caller.Session));
    }

    [Fact]
    public void Nothing_is_stored_twice()
    {
        var calls = new RecentCalls(s_limits);
        calls.Add(Id(1, 1), null, s_increment, now: 0);
        Assert.NotNull(calls.Take());
        Assert.Null(calls.Take());
    }

    [Fact]
    public void Damaged_bytes_are_refused_and_do_no_other_harm() =>
        Gen.Byte.Array[1, 60].Sample(bytes =>
        {
            bytes[0] = 1;
            try
            {
                RecentCallsFormat.Read(bytes, s_limits);
            }
            catch (FormatException)
            {
                // That is the answer.
            }
        }, iter: 20_000);

    [Fact]
    public void A_newer_version_is_refused()
    {
        var calls = new RecentCalls(s_limits);
        calls.Add(Id(1, 1), null, s_increment, now: 0);
        var stored = calls.Take()!.Value.ToArray();
        stored[0] = 2;
        Assert.Contains("version 2", Assert.Throws<FormatException>(() => RecentCallsFormat.Read(stored, s_limits)).Message, StringComparison.Ordinal);
    }

    private static CallId Id(long sequence, long openFrom) => new(Session, sequence, openFrom);

    private sealed class Cyclic
    {
        public Cyclic Self => this;
    }

    // A node that calls: numbers its calls, and knows which are open.
    private sealed class Client(long session)
    {
        private long _last;

        public List<CallId> Open { get; } = [];

        public List<CallId> Ended { get; } = [];

        public CallId Last => Open[^1];

        public CallId Begin()
        {
            _last++;
            Open.Add(new CallId(session, _last, Open.Count == 0 ? _last : Open[0].Sequence));
            return Last;
        }

        public void End(int index)
        {
            Ended.Add(Open[index]);
            Open.RemoveAt(index);
        }

        public void Forget() => Open.RemoveAt(Open.Count - 1);
    }
}
