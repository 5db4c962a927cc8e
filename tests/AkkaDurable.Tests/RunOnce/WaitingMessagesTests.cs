using Akka.Actor;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Runtime;

namespace AkkaDurable.Tests.RunOnce;

public sealed class WaitingMessagesTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(5_000)]
    public void A_call_is_found_as_long_as_it_waits(int count)
    {
        var waiting = new WaitingMessages();
        for (var i = 0; i < count; i++)
        {
            waiting.Enqueue(new(Call(i), ActorRefs.Nobody));
        }

        Assert.True(waiting.Contains(Key(0)));
        Assert.Equal(0, ((CallEnvelope)waiting.Dequeue().Message).CorrelationId);
        Assert.False(waiting.Contains(Key(0)));
        waiting.Enqueue(new(Call(count), ActorRefs.Nobody));
        Assert.All(Enumerable.Range(1, count), i => Assert.True(waiting.Contains(Key(i))));
        while (waiting.TryDequeue(out var next))
        {
            Assert.False(waiting.Contains(CallKey.Of((CallEnvelope)next.Message, next.Sender)));
        }
    }

    [Fact]
    public void Looking_for_each_of_very_many_took_seconds()
    {
        const int Count = 50_000;
        var waiting = new WaitingMessages();
        for (var i = 0; i < Count; i++)
        {
            waiting.Enqueue(new(Call(i), ActorRefs.Nobody));
        }

        var began = TimeProvider.System.GetTimestamp();
        for (var i = Count - 1; i >= 0; i--)
        {
            Assert.True(waiting.Contains(Key(i)));
        }

        // Through the queue it would be more than a billion steps.
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    private static CallEnvelope Call(int i) => new("t", "k", i, new Increment(1)) { Id = new CallId(99, i + 1, 1) };

    private static CallKey Key(int i) => new(i, 99, null, null);
}
