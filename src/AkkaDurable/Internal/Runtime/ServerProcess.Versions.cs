using AkkaDurable.Storage;

namespace AkkaDurable.Internal.Runtime;

// Records that were saved by newer code, while old and new nodes stand side by side: they are not touched here, and go to where they can be read.
internal sealed partial class ServerProcess
{
    // What waits goes with the shard. False: there is nowhere to go, and callers are told.
    private bool TryMoveToNewer(StoredServer record)
    {
        if (record.StateVersion <= ServerType.States.VersionOf(_instance!.Server) || Refusal(record).Kind != Calls.FailureKind.StateVersion || _stopReceived)
        {
            return false;
        }

        if (ServerType.Upgrades.TryMove(ServerType.Layout.ShardOf(Key)) is not { } moving)
        {
            return false;
        }

        LogMovesToNewer(Log, ServerType.Name, Key, record.StateVersion);
        _phase = Phase.AwaitingMove;
        _ = Wait(this, moving, record, _incarnation);
        return true;

        static async Task Wait(ServerProcess process, Task<bool> moving, StoredServer record, int incarnation) =>
            process.Host.Post(new MoveEnded(incarnation, await moving.ConfigureAwait(false), record));
    }

    // After a move the shard's stop message has come already: it waits for its servers. If it has not, the shard was there all the time, or is back.
    private void OnMoveEnded(MoveEnded move)
    {
        if (_phase != Phase.AwaitingMove)
        {
            return;
        }

        if (move.IsMoved)
        {
            HandBackWaiting();
            EndUnfinished();
        }
        else
        {
            RefuseUpToStart(Refusal(move.Record));
        }
    }
}
