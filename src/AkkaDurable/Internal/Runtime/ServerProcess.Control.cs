using Akka.Actor;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Storage;

namespace AkkaDurable.Internal.Runtime;

// Control messages: what is asked of the runtime, not of the handlers.
internal sealed partial class ServerProcess
{
    // While running, in turn with the other messages.
    private void HandleControl(ControlEnvelope control, IActorRef sender)
    {
        switch (control.Verb)
        {
            case ControlVerb.Start:
                Refuse(control, sender, new CallFailure(FailureKind.AlreadyRunning, $"{Id} is running already. EnsureStartedAsync does not mind."));
                break;
            case ControlVerb.EnsureStarted:
                _loop!.Emit(new Output(sender, new ReplyEnvelope(control.CorrelationId, StartOutcome.AlreadyRunning), Self), _loop.Now);
                break;
            case ControlVerb.Stop or ControlVerb.Delete:
                (_stoppers ??= []).Add((control, sender));
                BeginStop(control.Verb == ControlVerb.Delete ? StopReason.Delete : StopReason.Normal);
                break;
            default:
                AnswerQuery(control, sender);
                break;
        }
    }

    private void AnswerQuery(ControlEnvelope control, IActorRef sender)
    {
        object answer = control.Verb == ControlVerb.IsRunning
            ? true
            : new ServerInfo(
                ServerType.Name,
                Key,
                IsRunning: true,
                ServerStatus.Running,
                ServerType.Node.Address,
                _token.Epoch,
                _revision,
                _revision == 0 ? 0 : ServerType.States.VersionOf(_instance!.Server),
                _meta ?? System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty);
        sender.Tell(new ReplyEnvelope(control.CorrelationId, answer), Self);
    }

    // While dormant: answered from the store, without starting the server.
    private void RunDormant(ControlEnvelope control, IActorRef sender)
    {
        _phase = Phase.DormantBusy;
        _incarnation = NextIncarnation();
        _ = Run(this, control, sender, _incarnation);

        static async Task Run(ServerProcess process, ControlEnvelope control, IActorRef sender, int incarnation)
        {
            ReplyEnvelope reply;
            try
            {
                reply = await process.AnswerDormant(control).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                reply = new(control.CorrelationId, null, new CallFailure(FailureKind.StoreUnavailable, $"The state store could not answer for {process.Id}: {exception.Message}") { Cause = exception });
            }

            sender.Tell(reply, process.Self);
            process.Host.Post(new DormantEnded(incarnation));
        }
    }

    private async ValueTask<ReplyEnvelope> AnswerDormant(ControlEnvelope control)
    {
        switch (control.Verb)
        {
            case ControlVerb.Info:
                return new(control.CorrelationId, await Store.ReadAsync(Id).ConfigureAwait(false) is { } record ? InfoOf(record) : null);
            case ControlVerb.Delete:
                return await DeleteDormant(control).ConfigureAwait(false);
            default:
                // Whether it runs, or was running when it was told to stop.
                return new(control.CorrelationId, false);
        }
    }

    // Claimed first, so that an owner elsewhere that nobody knows of any more cannot bring the record back.
    private async ValueTask<ReplyEnvelope> DeleteDormant(ControlEnvelope control)
    {
        if (await Store.ReadAsync(Id).ConfigureAwait(false) is null)
        {
            return new(control.CorrelationId, false);
        }

        var claim = (await ClaimUnderLease(new ClaimRequest(Id, 0, ServerType.Node.Address, ExplicitStart: true, int.MaxValue), Volatile.Read(ref _incarnation)).ConfigureAwait(false)).Result!;
        if (claim.IsHeld)
        {
            return new(control.CorrelationId, null, HeldFailure(claim.Record));
        }

        if (!claim.Granted)
        {
            return new(control.CorrelationId, null, claim.Record.Status == ServerStatus.Cordoned
                ? new CallFailure(FailureKind.Cordoned, $"{Id} is cordoned.")
                : new CallFailure(FailureKind.Stopped, $"{Id} is being deleted."));
        }

        var outcome = await Store.DeleteAsync(Id, claim.Record.Token).ConfigureAwait(false);
        return outcome == SaveOutcome.Saved
            ? new(control.CorrelationId, claim.PreviousStatus is not null)
            : new(control.CorrelationId, null, new CallFailure(FailureKind.OwnershipLost, $"{Id} was claimed by another node while it was being deleted."));
    }

    private void OnDormantEnded()
    {
        _phase = _stopReceived ? Phase.Stopped : Phase.Dormant;
        if (_stopReceived)
        {
            EndStopped();
        }
        else
        {
            LeaveIfIdle();
        }
    }

    private ServerInfo InfoOf(StoredServer record) => new(
        ServerType.Name,
        Key,
        IsRunning: false,
        record.Status,
        record.Owner,
        record.Token.Epoch,
        record.Revision,
        record.StateVersion,
        System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty);
}
