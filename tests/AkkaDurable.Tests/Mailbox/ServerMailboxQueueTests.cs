using Akka.Actor;
using Akka.Dispatch.MessageQueues;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Runtime;

namespace AkkaDurable.Tests.Mailbox;

public sealed class ServerMailboxQueueTests
{
    private readonly ServerMailboxQueue _queue = new();

    [Fact]
    public void Messages_come_out_in_the_order_in_which_they_went_in()
    {
        Assert.False(_queue.HasMessages);
        Assert.False(_queue.TryDequeue(out _));
        for (var round = 0; round < 3; round++)
        {
            Put("a", "b", "c");
            Assert.True(_queue.HasMessages);
            Assert.Equal(3, _queue.Count);
            Assert.Equal(["a", "b"], [Take(), Take()]);
            Put("d");
            Assert.Equal(["c", "d"], [Take(), Take()]);
            Assert.False(_queue.HasMessages);
            Assert.Equal(0, _queue.Count);
            Assert.False(_queue.TryDequeue(out _));
        }
    }

    // A server whose handler blocks takes nothing out for long; its callers must not be told that it has no place to run.
    [Fact]
    public void A_call_in_the_mailbox_of_a_busy_server_can_no_longer_be_withdrawn()
    {
        var (call, withdrawn) = (new CallEnvelope("t", "k", 1, new Increment()), new CallEnvelope("t", "k", 2, new Increment()));
        Assert.True(withdrawn.TryWithdraw());

        Put(call, withdrawn);

        Assert.False(call.TryWithdraw());
        Assert.False(withdrawn.TryTake());
    }

    [Fact]
    public void Of_many_writers_nothing_is_lost_doubled_or_out_of_order()
    {
        const int Writers = 4;
        const int Messages = 50_000;
        var writers = Enumerable.Range(0, Writers).Select(writer => new Thread(() =>
        {
            for (var i = 1; i <= Messages; i++)
            {
                Put((writer, i));
            }
        })).ToList();
        writers.ForEach(thread => thread.Start());

        var last = new int[Writers];
        for (var taken = 0; taken < Writers * Messages;)
        {
            if (_queue.TryDequeue(out var envelope))
            {
                var (writer, i) = ((int, int))envelope.Message;
                Assert.Equal(last[writer] + 1, i);
                last[writer] = i;
                taken++;
            }
            else
            {
                Thread.Yield();
            }
        }

        writers.ForEach(thread => thread.Join());
        Assert.False(_queue.HasMessages);
    }

    [Fact]
    public void Messages_that_were_handled_are_not_kept_alive()
    {
        var handled = PutAndTake();
        GC.Collect();
        Assert.False(handled.IsAlive);
        GC.KeepAlive(_queue);
    }

    [Fact]
    public void What_a_stopped_server_leaves_goes_to_the_dead_letters()
    {
        Put("a", "b");
        var dead = new UnboundedMessageQueue();
        _queue.CleanUp(ActorRefs.Nobody, dead);
        Assert.False(_queue.HasMessages);
        Assert.Equal(2, dead.Count);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private WeakReference PutAndTake()
    {
        var message = new object();
        Put(message);
        Assert.Same(message, Take());
        return new WeakReference(message);
    }

    private void Put(params object[] messages)
    {
        foreach (var message in messages)
        {
            _queue.Enqueue(ActorRefs.Nobody, new Envelope(message, ActorRefs.Nobody));
        }
    }

    private object Take()
    {
        Assert.True(_queue.TryDequeue(out var envelope));
        return envelope.Message;
    }
}
