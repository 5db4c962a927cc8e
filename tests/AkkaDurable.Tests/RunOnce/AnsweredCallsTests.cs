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
            _calls.Add(Key(i), isRepeat: false, Reply(i, bytes: 1), now: 0, KeptFor);
        }

        Assert.False(_calls.TryFind(Key((2 * AnsweredCalls.MostCalls) - 1), out _));
        Assert.All(Enumerable.Range(2 * AnsweredCalls.MostCalls, AnsweredCalls.MostCalls), i =>
        {
            Assert.True(_calls.TryFind(Key(i), out var reply));
            Assert.Equal(i, reply!.CorrelationId);
        });
    }

    [Fact]
    public void Old_ones_are_forgotten_and_their_room_given_back()
    {
        for (var i = 0; i < AnsweredCalls.MostCalls; i++)
        {
            _calls.Add(Key(i), isRepeat: true, Reply(i, bytes: 1), now: i / 100, KeptFor);
        }

        var most = _calls.Bytes;
        _calls.Add(Key(-1), isRepeat: false, Reply(-1, bytes: 1), now: 1_000, KeptFor);
        Assert.False(_calls.TryFind(Key(AnsweredCalls.MostCalls - 1), out _));
        Assert.True(_calls.TryFind(Key(-1), out _));
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
            _calls.Add(Key(i), isRepeat: false, Reply(i, AnsweredCalls.MostReplyBytes / 4), now: 0, KeptFor);
        }

        _calls.Add(Key(10), isRepeat: false, Reply(10, AnsweredCalls.MostReplyBytes + 1), now: 0, KeptFor);
        Assert.Equal([6, 7, 8, 9], Enumerable.Range(0, 11).Where(i =>
        {
            Assert.True(_calls.TryFind(Key(i), out var reply));
            return reply is not null;
        }));
    }

    [Fact]
    public void Calls_of_two_nodes_with_the_same_number_are_two()
    {
        _calls.Add(new CallKey(1, 71, null, null), isRepeat: false, Reply(1, 1), now: 0, KeptFor);
        Assert.False(_calls.TryFind(new CallKey(1, 72, null, null), out _));
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

    private static CallKey Key(int i) => new(i, 99, null, null);

    private static ReplyEnvelope Reply(int i, int bytes) => new(i, new EncodedPayload("", new byte[bytes]));
}
