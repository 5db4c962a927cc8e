namespace AkkaDurable.Internal.Runtime;

// What the node's account of its shutdown hears of this server.
internal sealed partial class ServerProcess
{
    /// <summary>What the server is at, for people. From any thread: a guess.</summary>
    public string Doing => _turn is null ? _phase.ToString() : $"{_phase}, in a handler of {_turnKind}";

    // A server that was ended by the cluster, which would wait no longer for it.
    private void NoteEndedByForce()
    {
        var stop = ServerType.Node.Stop;
        switch (_phase)
        {
            case Phase.Running or Phase.Reclaiming or Phase.Draining or Phase.Terminating when _turn is not null:
                stop.Unsaved(this, UnsavedReason.HandlerNotFinished, $"it was still at it when the node would wait no longer: {Doing}");
                break;
            case Phase.FinalSaving:
            case Phase.Running or Phase.Reclaiming or Phase.Draining or Phase.Terminating when _loop is { IsDirty: true } or { IsSaving: true }:
                stop.Unsaved(this, UnsavedReason.SaveNotFinished, "the store had not answered when the node would wait no longer");
                break;
            case Phase.Running or Phase.Reclaiming or Phase.Draining or Phase.Terminating:
                stop.Ended();
                break;
        }
    }
}
