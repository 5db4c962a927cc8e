using AkkaDurable.Internal.Calls;

namespace AkkaDurable.Internal.Runtime;

// The shortcut: messages that come straight from this node's senders, past the shard region and the shard.
internal sealed partial class ServerProcess
{
    // Made ready or open.
    private Shortcut? _shortcut;

    // Closed, but messages may still come by it.
    private Shortcut? _leftShortcut;
    private bool _isStopRequested;

    // A server that is called once and then rests needs none: the second message asks for it.
    private void WantShortcut(object message)
    {
        if (_phase == Phase.Running && message is ServerEnvelope && !_stopReceived && !_isStopRequested && ServerType.Shortcuts is { } shortcuts)
        {
            _shortcut = shortcuts.Prepare(Key, Self);
        }
    }

    // All that was sent by the region before the shortcut was made ready has come.
    private void OnOpenShortcut(ControlEnvelope message)
    {
        if (_shortcut?.Number == message.CorrelationId)
        {
            if (!ServerType.Shortcuts!.TryOpen(_shortcut))
            {
                _shortcut = null;
            }
        }
        else if (_phase == Phase.Dormant && Backlog == 0)
        {
            // It was meant for an earlier incarnation, and there is nothing to start for.
            LeaveIfIdle();
        }
    }

    private void CloseShortcut()
    {
        if (_shortcut is { } shortcut)
        {
            _shortcut = null;
            _leftShortcut = shortcut;
            ServerType.Shortcuts!.Close(shortcut);
        }
    }

    private void OnShortcutLeft(ShortcutLeft message)
    {
        if (_leftShortcut == message.Shortcut)
        {
            _leftShortcut = null;
            if (_phase == Phase.Stopped && _stopReceived)
            {
                EndStopped();
            }
        }
        else if (_shortcut == message.Shortcut)
        {
            // Given up: what was under way by the region did not come.
            _shortcut = null;
        }
    }

    // Nothing comes straight any more once the shard has been asked: it keeps what comes for the next incarnation.
    private void RequestStop()
    {
        CloseShortcut();
        _isStopRequested = true;
        Host.RequestStop();
    }
}
