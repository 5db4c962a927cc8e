using Akka.Actor;
using AkkaDurable.Internal.Groups;
using AkkaDurable.Internal.Groups.Replication;

namespace AkkaDurable.Internal.Runtime;

// What watchers are told of the server. Metadata leaves by the gate, and is not even shown before.
internal sealed partial class ServerProcess
{
    // Why the server ends, where the phase does not tell.
    private LifecycleReason _endReason;

    // Whether its start was told of, so that its stop is to be.
    private bool _isCounted;

    private LifecycleNotes Lifecycle => ServerType.Node.Lifecycle;

    /// <summary>The running server as others are told of it. Safe from any thread: what changes meanwhile is told after.</summary>
    public Entry? ToEntry() => _loop is null
        ? null
        : new Entry(EntryId.OfServer(ServerType.Name, Key), MemberVersion, _meta ?? System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty);

    /// <summary>Which run of the server this is.</summary>
    public EntryVersion MemberVersion => new(_createdAt, _token.Epoch);

    // A handler has ended well; what it sends follows.
    private void NoteTurn(in HandlerResult result, long waitsFor)
    {
        var meta = result.Modifiers?.Meta;
        if (meta is not null || (_turnKind == TurnKind.Init && Lifecycle.IsWatched))
        {
            EmitResult(new Output(Shown.Instance, new ShowMeta(this, _incarnation, meta), Self), waitsFor, result.IsStop);
        }
    }

    private void NoteStarted()
    {
        _isCounted = true;
        ServerType.Node.Metrics.Started(_startBegan, ServerType.Name, _startOutcome);
    }

    // The claim was renewed under the running server.
    private void NoteReclaimed() => TellPut(continues: true);

    // After it has left the node's table, so that it is either found there or told of.
    private void NoteEnd()
    {
        var reason = EndReason();
        _endReason = default;
        _instance?.Context.EndGroups(reason);
        if (_isCounted)
        {
            _isCounted = false;
            ServerType.Node.Metrics.Stopped(ServerType.Name, reason);
        }

        if (_loop is not null && Lifecycle.IsWatched)
        {
            Lifecycle.Tell(new Groups.Hub.ServerNote(new FeedOp.Remove(EntryId.OfServer(ServerType.Name, Key), MemberVersion, reason)));
        }
    }

    private LifecycleReason EndReason()
    {
        if (_endReason != default)
        {
            return _endReason;
        }

        return _phase is Phase.Draining or Phase.CrashSaving ? LifecycleReason.Error
            : !_isStopping ? LifecycleReason.Shutdown
            : _stopReason.Name switch
            {
                "normal" => LifecycleReason.Normal,
                "permanent" => LifecycleReason.Permanent,
                "cordon" => LifecycleReason.Cordon,
                "delete" => LifecycleReason.Delete,
                "error" => LifecycleReason.Error,
                _ => LifecycleReason.Shutdown,
            };
    }

    private void TellPut(bool continues)
    {
        // The metadata was written before the flag is read: whoever sets the flag looks after that.
        Interlocked.MemoryBarrier();
        if (Lifecycle.IsWatched && ToEntry() is { } entry)
        {
            Lifecycle.Tell(new Groups.Hub.ServerNote(new FeedOp.Put(entry, continues)));
        }
    }

    private void Show(ShowMeta shown)
    {
        if (shown.Incarnation == _incarnation)
        {
            _meta = shown.Meta ?? _meta;
            TellPut(continues: false);
        }
    }

    private sealed record ShowMeta(ServerProcess Process, int Incarnation, IReadOnlyDictionary<string, string>? Meta);

    // The end of the gate.
    private sealed class Shown : ICanTell
    {
        public static Shown Instance { get; } = new();

        public void Tell(object message, IActorRef sender)
        {
            var shown = (ShowMeta)message;
            shown.Process.Show(shown);
        }
    }
}
