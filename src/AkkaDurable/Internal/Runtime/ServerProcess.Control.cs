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
            case ControlVerb.EnsureStarted or ControlVerb.Recover:
                _loop!.Emit(new Output(sender, new ReplyEnvelope(control.CorrelationId, StartOutcome.AlreadyRunning), Self), _loop.Now);
                break;
            case ControlVerb.Stop or ControlVerb.Delete or ControlVerb.StopPermanently or ControlVerb.Cordon:
                (_stoppers ??= []).Add((control, sender));
                BeginStop(control.Verb switch
                {
                    ControlVerb.Delete => StopReason.Delete,
                    ControlVerb.StopPermanently => StopReason.Permanent,
                    ControlVerb.Cordon => StopReason.Cordon,
                    _ => StopReason.Normal,
                });
                break;
            case ControlVerb.Uncordon:
                // It runs, so it is not cordoned.
                sender.Tell(new ReplyEnvelope(control.CorrelationId, false), Self);
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
                _meta ?? System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty)
            {
                IsPermanent = _isPermanent,
                Region = ServerType.Node.Region,
                Crashes = Crashes.Crashes,
            };
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
                return new(control.CorrelationId, await Store.ReadAsync(Id).ConfigureAwait(false) is { } record ? ServerDirectory.InfoOf(record, isRunning: false) : null);
            case ControlVerb.Delete:
                return await DeleteDormant(control).ConfigureAwait(false);
            case ControlVerb.StopPermanently:
                return await MarkDormant(control, ServerStatus.StoppedPermanent, static record => record is not null).ConfigureAwait(false);
            case ControlVerb.Cordon:
                return await MarkDormant(control, ServerStatus.Cordoned, static record => record?.Status != ServerStatus.Cordoned).ConfigureAwait(false);
            case ControlVerb.Uncordon:
                return await MarkDormant(control, ServerStatus.StoppedGraceful, static record => record?.Status == ServerStatus.Cordoned).ConfigureAwait(false);
            default:
                // Whether it runs, or was running when it was told to stop.
                return new(control.CorrelationId, false);
        }
    }

    // Writes another status, if there is reason to, by a claim of its own: whoever owned the record before can write it no more.
    private async ValueTask<ReplyEnvelope> MarkDormant(ControlEnvelope control, ServerStatus status, Predicate<StoredServer?> isWanted)
    {
        var found = await Store.ReadAsync(Id).ConfigureAwait(false);
        if (!isWanted(found))
        {
            return new(control.CorrelationId, false);
        }

        if (found?.Status == ServerStatus.Cordoned && status != ServerStatus.StoppedGraceful)
        {
            // Only uncordoning takes a cordon off.
            return new(control.CorrelationId, null, Refusal(found));
        }

        var claim = await ClaimDormant().ConfigureAwait(false);
        if (!claim.Granted)
        {
            return new(control.CorrelationId, null, claim.IsHeld ? HeldFailure(claim.Record) : Refusal(claim.Record));
        }

        var outcome = await EndClaim(claim.Record, Store.SaveAsync(new SaveRequest(Id, claim.Record.Token, claim.Record.Revision, status, 0, null))).ConfigureAwait(false);
        return outcome == SaveOutcome.Saved
            ? new(control.CorrelationId, true)
            : new(control.CorrelationId, null, new CallFailure(FailureKind.OwnershipLost, $"{Id} was claimed by another node while its status was being changed."));
    }

    private async ValueTask<ClaimResult> ClaimDormant()
    {
        var request = new ClaimRequest(Id, 0, ServerType.Node.Address, ExplicitStart: true, int.MaxValue) { EvenCordoned = true, Region = ServerType.Node.Region };
        return (await ClaimUnderLease(request, Volatile.Read(ref _incarnation)).ConfigureAwait(false)).Result!;
    }

    // If this fails the store tells that the server runs here.
    private async ValueTask<SaveOutcome> EndClaim(StoredServer claimed, ValueTask<SaveOutcome> end)
    {
        try
        {
            return await end.ConfigureAwait(false);
        }
        catch (Exception) when (claimed.IsPermanent)
        {
            ServerType.RecoverLater(Key);
            throw;
        }
    }

    // Claimed first, so that an owner elsewhere that nobody knows of any more cannot bring the record back.
    private async ValueTask<ReplyEnvelope> DeleteDormant(ControlEnvelope control)
    {
        if (await Store.ReadAsync(Id).ConfigureAwait(false) is null)
        {
            return new(control.CorrelationId, false);
        }

        var claim = await ClaimDormant().ConfigureAwait(false);
        if (claim.IsHeld)
        {
            return new(control.CorrelationId, null, HeldFailure(claim.Record));
        }

        if (!claim.Granted)
        {
            return new(control.CorrelationId, null, new CallFailure(FailureKind.Stopped, $"{Id} is being deleted."));
        }

        var outcome = await EndClaim(claim.Record, Store.DeleteAsync(Id, claim.Record.Token)).ConfigureAwait(false);
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
}
