using Akka.Actor;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Runtime;

namespace AkkaDurable.Tests.Shortcuts;

public sealed class ShortcutsTests
{
    private readonly RecordingRef _region = new("region");
    private readonly RecordingRef _server = new("server");
    private readonly AkkaDurable.Internal.Runtime.Shortcuts _shortcuts;

    public ShortcutsTests() => _shortcuts = new("t", _region);

    [Fact]
    public void Without_a_shortcut_messages_go_by_the_region()
    {
        Send(1);
        Assert.Equal([1L], NumbersAt(_region));
        Assert.Empty(_server.Messages);
    }

    [Fact]
    public void What_is_sent_while_a_shortcut_is_made_ready_waits_until_it_is_open()
    {
        Send(1);
        var shortcut = _shortcuts.Prepare("k", _server);
        Send(2);
        Send(3);
        var opening = Assert.IsType<ControlEnvelope>(_region.Messages[^1]);
        Assert.Equal((ControlVerb.OpenShortcut, shortcut.Number, "k"), (opening.Verb, opening.CorrelationId, opening.Key));
        Assert.Equal([1L], NumbersAt(_region));
        Assert.Empty(_server.Messages);

        Assert.True(_shortcuts.TryOpen(shortcut));
        Send(4);
        Assert.Equal([2L, 3L, 4L], NumbersAt(_server));
        Assert.Equal([1L], NumbersAt(_region));
    }

    [Fact]
    public void Other_keys_do_not_wait()
    {
        _shortcuts.Prepare("k", _server);
        _shortcuts.Send(new CallEnvelope("t", "other", 7, "x"), ActorRefs.Nobody);
        Assert.Equal([7L], NumbersAt(_region));
    }

    [Fact]
    public void A_shortcut_that_is_closed_before_it_was_open_sends_what_waits_by_the_region()
    {
        var shortcut = _shortcuts.Prepare("k", _server);
        Send(1);
        Send(2);
        _shortcuts.Close(shortcut);
        Send(3);
        Assert.Equal([1L, 2L, 3L], NumbersAt(_region));
        Assert.Equal([new ShortcutLeft(shortcut)], _server.Messages);
        Assert.False(_shortcuts.TryOpen(shortcut));
        Assert.Equal(0, _shortcuts.Count);
    }

    [Fact]
    public void After_a_close_the_server_is_told_once_that_nothing_more_comes()
    {
        var shortcut = _shortcuts.Prepare("k", _server);
        Assert.True(_shortcuts.TryOpen(shortcut));
        Send(1);
        _shortcuts.Close(shortcut);
        _shortcuts.Close(shortcut);
        Send(2);
        Assert.Equal([1L], NumbersAt(_server));
        Assert.Equal(new ShortcutLeft(shortcut), Assert.Single(_server.Messages.OfType<ShortcutLeft>()));
        Assert.IsType<ShortcutLeft>(_server.Messages[^1]);
        Assert.Equal([2L], NumbersAt(_region));
    }

    [Fact]
    public void A_call_that_comes_again_does_not_wait_for_an_opening_that_was_lost()
    {
        var shortcut = _shortcuts.Prepare("k", _server);
        Send(1);
        _shortcuts.Send(new CallEnvelope("t", "k", 2, "x") { IsRepeat = true }, ActorRefs.Nobody);
        Assert.Equal([1L, 2L], NumbersAt(_region));
        Assert.False(_shortcuts.TryOpen(shortcut));
    }

    [Fact]
    public void Not_more_than_a_thousand_messages_wait_for_an_opening()
    {
        _shortcuts.Prepare("k", _server);
        for (var i = 1; i <= 1001; i++)
        {
            Send(i);
        }

        Assert.Equal(Enumerable.Range(1, 1001).Select(i => (long)i), NumbersAt(_region));
    }

    [Fact]
    public void A_later_incarnation_takes_the_place_of_an_earlier_one()
    {
        var later = new RecordingRef("later");
        var first = _shortcuts.Prepare("k", _server);
        Assert.True(_shortcuts.TryOpen(first));
        var second = _shortcuts.Prepare("k", later);
        Assert.Equal([new ShortcutLeft(first)], _server.Messages);
        _shortcuts.Close(first);
        Assert.True(_shortcuts.TryOpen(second));
        Send(1);
        Assert.Equal([1L], NumbersAt(later));
    }

    [Fact]
    public void However_a_close_meets_senders_nothing_is_lost_and_nothing_comes_after_the_server_was_told()
    {
        const int Senders = 4;
        for (var round = 0; round < 300; round++)
        {
            var (region, server) = (new RecordingRef("region"), new RecordingRef("server"));
            var shortcuts = new AkkaDurable.Internal.Runtime.Shortcuts("t", region);
            var shortcut = shortcuts.Prepare("k", server);
            using var start = new Barrier(Senders + 1);
            var senders = Enumerable.Range(0, Senders).Select(sender => new Thread(() =>
            {
                start.SignalAndWait();
                for (var i = 1; i <= 100; i++)
                {
                    shortcuts.Send(new CallEnvelope("t", "k", (sender * 1000) + i, "x"), ActorRefs.Nobody);
                }
            })).ToList();
            senders.ForEach(thread => thread.Start());
            start.SignalAndWait();
            shortcuts.TryOpen(shortcut);
            Thread.SpinWait(round * 20);
            shortcuts.Close(shortcut);
            senders.ForEach(thread => thread.Join());

            Assert.IsType<ShortcutLeft>(server.Messages[^1]);
            Assert.Single(server.Messages.OfType<ShortcutLeft>());
            var (direct, byRegion) = (NumbersAt(server), NumbersAt(region));
            Assert.Equal(Senders * 100, direct.Union(byRegion).Count());
            Assert.Equal(Senders * 100, direct.Count + byRegion.Count);
            for (var sender = 0; sender < Senders; sender++)
            {
                var of = new Predicate<long>(number => number / 1000 == sender);
                var inOrder = direct.FindAll(of).Concat(byRegion.FindAll(of));
                Assert.Equal(Enumerable.Range(1, 100).Select(i => (long)((sender * 1000) + i)), inOrder);
            }
        }
    }

    private static List<long> NumbersAt(RecordingRef target) => [.. target.Messages.OfType<CallEnvelope>().Select(call => call.CorrelationId)];

    private void Send(long number) => _shortcuts.Send(new CallEnvelope("t", "k", number, "x"), ActorRefs.Nobody);
}
