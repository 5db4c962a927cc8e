using System.Text;
using AkkaDurable.Internal.Couriers;
using AkkaDurable.Internal.Wire;

namespace AkkaDurable.Tests.Couriers;

public sealed class BatchQueueTests
{
    private const int Patience = 100;

    private readonly BatchQueue _queue = new(batchBytes: 1_000, maxBytes: 10_000, Patience);

    [Fact]
    public void Only_the_first_message_sends_for_a_pick_up_and_what_comes_meanwhile_goes_along()
    {
        Assert.True(Append("a"));
        Assert.False(Append("b"));
        Assert.False(Append("c"));
        Assert.Equal(["Call a", "Call b", "Call c"], Take(out var isMore));
        Assert.False(isMore);
        Assert.True(Append("d"));
        Assert.Equal(["Call d"], Take(out _));
    }

    [Fact]
    public void Kinds_and_order_are_kept()
    {
        _queue.Append(EntryKind.Cast, "1"u8, 0, out _);
        _queue.Append(EntryKind.Reply, "2"u8, 0, out _);
        _queue.Append(EntryKind.Cast, ""u8, 0, out _);
        _queue.Append(EntryKind.ReturnedControl, "4"u8, 0, out _);
        Assert.Equal(["Cast 1", "Reply 2", "Cast ", "ReturnedControl 4"], Take(out _));
    }

    [Fact]
    public void More_than_fits_into_a_batch_makes_several_with_all_in_order()
    {
        var bodies = Enumerable.Range(0, 300).Select(i => $"number {i}").ToList();
        Assert.Single(bodies, body => Append(body));
        var taken = new List<string>();
        var batches = 0;
        bool isMore;
        do
        {
            var batch = _queue.Take(0, out isMore);
            Assert.InRange(batch.Bytes.Length, 1, 1_000);
            var read = Read(batch.Bytes);
            Assert.Equal(batch.Entries, read.Count);
            taken.AddRange(read);
            batches++;
        }
        while (isMore);
        Assert.Equal(bodies.Select(body => "Call " + body), taken);
        Assert.InRange(batches, 4, 6);
    }

    [Fact]
    public void While_batches_are_left_nobody_else_sends_for_a_pick_up()
    {
        Append(new string('a', 900));
        Append(new string('b', 900));
        Assert.Single(Take(out var isMore));
        Assert.True(isMore);
        Assert.False(Append("c"));
        Assert.Equal(2, Take(out isMore).Count);
        Assert.False(isMore);
        Assert.True(Append("d"));
    }

    [Fact]
    public void A_large_message_travels_alone_and_in_its_turn()
    {
        Append("before");
        Append(new string('x', 5_000));
        Append("after");
        Assert.Equal(["Call before"], Take(out _));
        Assert.Equal(5_000 + "Call ".Length, Assert.Single(Take(out _)).Length);
        Assert.Equal(["Call after"], Take(out var isMore));
        Assert.False(isMore);
    }

    [Fact]
    public void What_waits_is_bounded()
    {
        while (_queue.Append(EntryKind.Call, new byte[90], 0, out _) == Appended.Taken)
        {
        }

        var bytes = 0;
        bool isMore;
        do
        {
            bytes += _queue.Take(0, out isMore).Bytes.Length;
        }
        while (isMore);
        Assert.InRange(bytes, 9_800, 10_100);
        Assert.Equal(Appended.Taken, _queue.Append(EntryKind.Call, "room again"u8, 0, out _));
    }

    [Fact]
    public void A_message_larger_than_all_that_may_wait_goes_when_nothing_waits()
    {
        Assert.Equal(Appended.Taken, _queue.Append(EntryKind.Call, new byte[50_000], 0, out _));
        Assert.Equal(Appended.Full, _queue.Append(EntryKind.Call, "x"u8, 0, out _));
        Assert.Equal(50_000, _queue.Take(0, out _).Bytes.Length, tolerance: 20);
    }

    [Fact]
    public void A_lost_pick_up_is_sent_again_after_a_while()
    {
        Assert.True(Append("a", now: 1_000));
        Assert.False(Append("b", now: 1_000 + Patience - 1));
        Assert.True(Append("c", now: 1_000 + Patience));
        Assert.False(Append("d", now: 1_000 + Patience + 1));
        Assert.Equal(4, Take(out _).Count);

        // The first one turns up after all.
        Assert.Empty(Take(out var isMore));
        Assert.False(isMore);
    }

    [Fact]
    public void A_full_queue_sends_again_for_a_lost_pick_up()
    {
        _queue.Append(EntryKind.Call, new byte[50_000], 0, out _);
        Assert.Equal(Appended.Full, _queue.Append(EntryKind.Call, "x"u8, Patience, out var wantsPickUp));
        Assert.True(wantsPickUp);
    }

    [Fact]
    public void What_was_dropped_is_gone_and_counted_and_the_next_message_sends_for_a_pick_up()
    {
        Append(new string('a', 900));
        Append(new string('b', 900));
        Append("c");
        Assert.Equal(3, _queue.Drop());
        Assert.Equal(0, _queue.Drop());
        Assert.True(Append("d"));
        Assert.Equal(["Call d"], Take(out _));
    }

    [Fact]
    public void A_closed_queue_takes_nothing()
    {
        Append("a");
        Assert.Equal(1, _queue.Drop(close: true));
        Assert.Equal(Appended.Closed, _queue.Append(EntryKind.Call, "b"u8, Patience, out var wantsPickUp));
        Assert.False(wantsPickUp);
        Assert.Empty(Take(out _));
    }

    [Fact]
    public async Task Each_sender_keeps_its_order_and_nothing_is_lost_or_doubled_when_many_send_at_once()
    {
        var queue = new BatchQueue(2_000, long.MaxValue, long.MaxValue);
        const int Senders = 4;
        const int Each = 5_000;
        using var pickUps = new System.Collections.Concurrent.BlockingCollection<bool>();
        var received = new List<string>();
        var collector = Task.Run(() =>
        {
            foreach (var _ in pickUps.GetConsumingEnumerable())
            {
                received.AddRange(Read(queue.Take(0, out var isMore).Bytes));
                if (isMore)
                {
                    pickUps.Add(true);
                }
                else if (received.Count == Senders * Each)
                {
                    return;
                }
            }
        });
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                queue.Append(EntryKind.Cast, Encoding.UTF8.GetBytes($"{sender} {i}"), 0, out var wantsPickUp);
                if (wantsPickUp)
                {
                    pickUps.Add(true);
                }
            }
        })));
        await collector.WaitAsync(TimeSpan.FromSeconds(30));
        for (var sender = 0; sender < Senders; sender++)
        {
            Assert.Equal(Enumerable.Range(0, Each).Select(i => $"Cast {sender} {i}"), received.Where(entry => entry.StartsWith($"Cast {sender} ", StringComparison.Ordinal)));
        }
    }

    private static List<string> Read(byte[] bytes)
    {
        // Protobuf's own reader, which knows nothing of how the queue writes.
        return [.. Internal.Wire.V1.Batch.Parser.ParseFrom(bytes).Entries.Select(entry => entry.MessageCase switch
        {
            Internal.Wire.V1.BatchEntry.MessageOneofCase.Call => "Call " + entry.Call.ToStringUtf8(),
            Internal.Wire.V1.BatchEntry.MessageOneofCase.Cast => "Cast " + entry.Cast.ToStringUtf8(),
            Internal.Wire.V1.BatchEntry.MessageOneofCase.Reply => "Reply " + entry.Reply.ToStringUtf8(),
            Internal.Wire.V1.BatchEntry.MessageOneofCase.ReturnedControl => "ReturnedControl " + entry.ReturnedControl.ToStringUtf8(),
            _ => entry.MessageCase.ToString(),
        })];
    }

    private bool Append(string body, long now = 0)
    {
        Assert.Equal(Appended.Taken, _queue.Append(EntryKind.Call, Encoding.UTF8.GetBytes(body), now, out var wantsPickUp));
        return wantsPickUp;
    }

    private List<string> Take(out bool isMore) => Read(_queue.Take(0, out isMore).Bytes);
}
