using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Calls.Recent;

namespace AkkaDurable.Tests.RunOnce;

public sealed class AnsweredCallsTests
{
    private const long KeptFor = 100;
    private readonly AnsweredCalls _calls = new();

    [Fact]
    public void The_newest_are_kept_with_their_replies()
    {
        for (var i = 0; i < 3 * AnsweredCalls.MostCalls; i++)
        {
            Add(i, bytes: 1, now: 0);
        }

        Assert.False(Find((2 * AnsweredCalls.MostCalls) - 1, out _));
        Assert.All(Enumerable.Range(2 * AnsweredCalls.MostCalls, AnsweredCalls.MostCalls), i =>
        {
            Assert.True(Find(i, out var reply));
            Assert.Equal(i, reply!.CorrelationId);
        });
    }

    [Fact]
    public void Old_ones_are_forgotten_and_their_room_given_back()
    {
        for (var i = 0; i < AnsweredCalls.MostCalls; i++)
        {
            Add(i, bytes: 1, now: i / 100, isRepeat: true);
        }

        var most = _calls.Bytes;
        Add(5_000, bytes: 1, now: 1_000);
        Assert.False(Find(AnsweredCalls.MostCalls - 1, out _));
        Assert.True(Find(5_000, out _));
        Assert.False(_calls.HasRepeats);
        Assert.InRange(_calls.Bytes, 1, most / 100);
        Assert.False(_calls.IsPast(1_000 + KeptFor, KeptFor));
        Assert.True(_calls.IsPast(1_001 + KeptFor, KeptFor));
    }

    [Fact]
    public void Of_too_large_replies_only_that_there_was_one_is_kept()
    {
        for (var i = 0; i < 10; i++)
        {
            Add(i, AnsweredCalls.MostReplyBytes / 4, now: 0);
        }

        Add(10, AnsweredCalls.MostReplyBytes + 1, now: 0);
        Assert.Equal([6, 7, 8, 9], Enumerable.Range(0, 11).Where(i =>
        {
            Assert.True(Find(i, out var reply));
            return reply is not null;
        }));
    }

    [Fact]
    public void Calls_of_two_nodes_with_the_same_number_are_two()
    {
        Add(1, bytes: 1, now: 0, session: 71);
        Assert.True(Find(1, out _, session: 71));
        Assert.False(Find(1, out _, session: 72));
    }

    [Fact]
    public void What_its_caller_waits_for_no_more_leaves_room_and_is_not_run_again()
    {
        for (var i = 1; i <= 10_000; i++)
        {
            Add(i, bytes: 100, now: 0, openFrom: i - 3);
        }

        Assert.InRange(_calls.Bytes, 1, 1_500);
        Assert.True(Find(9_997, out var reply));
        Assert.Equal(100, ((EncodedPayload)reply!.Value!).Json.Length);

        // Of older ones, and of those that never came, a repeat that was long under way must not run: its caller was told how it ended.
        Assert.True(Find(9_996, out reply));
        Assert.Null(reply);
        Assert.True(Find(1, out _));
        Assert.False(Find(10_001, out _));
        Assert.False(Find(1, out _, session: 72));
    }

    [Fact]
    public void A_first_attempt_that_its_repeat_has_overtaken_is_looked_up_though_later_calls_took_its_place()
    {
        Add(1, bytes: 1, now: 0, isRepeat: true, openFrom: 1);
        for (var i = 2; i < 100; i++)
        {
            Add(i, bytes: 1, now: i, openFrom: i);
        }

        Assert.True(_calls.HasRepeats);
        Assert.True(Find(1, out _));
        Add(100, bytes: 1, now: KeptFor + 1, openFrom: 100);
        Assert.False(_calls.HasRepeats);
    }

    [Fact]
    public void A_caller_with_a_slow_call_keeps_nothing_back_but_for_as_long_as_a_repeat_may_be_under_way()
    {
        // It tells that its first call is open; what comes behind it, of others too, waits in the ring until that has come to its time.
        Add(1, bytes: 1, now: 0, openFrom: 1, session: 71);
        for (var i = 1; i < AnsweredCalls.MostCalls; i++)
        {
            Add(i, bytes: 1, now: 0, openFrom: i, session: 72);
        }

        var most = _calls.Bytes;
        Add(2_000, bytes: 1, now: KeptFor + 1, openFrom: 2_000, session: 72);
        Assert.InRange(_calls.Bytes, 1, most / 100);
        Assert.True(Find(1, out _, session: 72));
    }

    [Fact]
    public void Of_very_many_nodes_those_are_remembered_that_called_last()
    {
        for (var session = 1; session <= CallerFloors.MostCallers + 10; session++)
        {
            Add(7, bytes: 1, now: session / 100, openFrom: 7, session: session);
        }

        Assert.Equal(10, Enumerable.Range(1, CallerFloors.MostCallers + 10).Count(session => !Find(6, out _, session)));
        Assert.True(Find(6, out _, session: CallerFloors.MostCallers + 10));

        // Once nothing of theirs can be under way, their places are for others.
        Add(7, bytes: 1, now: 1_000, openFrom: 7, session: 5_000);
        Assert.False(Find(6, out _, session: CallerFloors.MostCallers));
        Assert.True(Find(6, out _, session: 5_000));
    }

    [Fact]
    public void What_servers_left_is_found_once_and_kept_of_the_last_ones_only()
    {
        var past = new PastCalls();
        Assert.Null(past.Take("0"));
        for (var i = 0; i <= PastCalls.MostServers; i++)
        {
            past.Put($"{i}", new AnsweredCalls());
        }

        Assert.Null(past.Take("0"));
        Assert.NotNull(past.Take("1"));
        Assert.Null(past.Take("1"));
        past.Put("2", _calls);
        Assert.Same(_calls, past.Take("2"));
    }

    private void Add(int number, int bytes, long now, bool isRepeat = false, long openFrom = 0, long session = 99) =>
        _calls.Add(Key(number, session), Id(number, session, openFrom), isRepeat, new EncodedPayload("", new byte[bytes]), null, now, KeptFor);

    private bool Find(int number, out ReplyEnvelope? reply, long session = 99) => _calls.TryFind(Key(number, session), Id(number, session, openFrom: 0), out reply);

    private static CallKey Key(int number, long session) => new(number, session, null, null);

    private static CallId Id(int number, long session, long openFrom) => new(session, number, openFrom);
}
