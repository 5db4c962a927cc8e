using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Codecs;

namespace AkkaDurable.Internal.Runtime;

// Replies: checked, and for callers on other nodes encoded, before anything is saved.
internal sealed partial class ServerProcess
{
    private bool TryMakeReply(From from, in HandlerResult result, out Output? reply, [NotNullWhen(false)] out CallFailure? failure)
    {
        reply = null;
        failure = null;
        ReplyEnvelope envelope;
        if (result.Kind == ResultKind.Unhandled)
        {
            envelope = new ReplyEnvelope(from.Call.CorrelationId, null, new CallFailure(
                FailureKind.UnknownMessage, $"{ServerType.ImplementationType.Name} does not know {from.Request.GetType().Name}: its HandleCall returned Unhandled.")) { Call = from.Call };
        }
        else if (!result.IsReply)
        {
            return true;
        }
        else if (!TryEncode(from, result.ReplyValue, out envelope!, out failure))
        {
            return false;
        }

        if (from.Call.TryAnswer())
        {
            reply = new Output(from.Sender, envelope, Self);
        }
        else
        {
            LogAnsweredTwice(Log, ServerType.Name, Key, from.Request.GetType().Name);
        }

        return true;
    }

    private bool TryEncode(From from, object? value, [NotNullWhen(true)] out ReplyEnvelope? envelope, [NotNullWhen(false)] out CallFailure? failure)
    {
        envelope = null;
        failure = null;
        var message = ServerType.Node.Messages.Find(from.Request.GetType());
        if (message is not null && !message.Accepts(value))
        {
            failure = new CallFailure(
                FailureKind.ReplyMismatch,
                $"{ServerType.ImplementationType.Name} replied {value?.GetType().Name ?? "null"} to {from.Request.GetType().Name}, which promises {message.ReplyType!.Name}.");
            return false;
        }

        if (message is null || IsLocal(from.Sender))
        {
            envelope = new ReplyEnvelope(from.Call.CorrelationId, value) { Call = from.Call };
            return true;
        }

        // As the call came: a caller that sends JSON may know of no codec.
        var codec = from.Call.Payload is EncodedPayload asked && !CodecPayload.IsMarked(asked.Json) ? null : ServerType.WriteCodec;
        ReadOnlyMemory<byte> json;
        try
        {
            json = Payloads.Write(value, message.ReplyType!, message.Json, codec);
        }
        catch (Exception exception)
        {
            failure = new CallFailure(
                FailureKind.ReplyNotSerializable,
                $"The reply of {ServerType.ImplementationType.Name} to {from.Request.GetType().Name} cannot be written as {Payloads.NameOf(codec)} for a caller on another node: {exception.Message}") { Cause = exception };
            return false;
        }

        var limit = ServerType.Node.MaxMessageSize;
        if (json.Length > limit)
        {
            failure = new CallFailure(
                FailureKind.MessageTooLarge,
                $"The reply of {ServerType.ImplementationType.Name} to {from.Request.GetType().Name} is {json.Length:N0} bytes; the limit between nodes is {limit:N0} (DurableServersSetup.MaxMessageSize).")
            {
                Actual = json.Length,
                Expected = limit,
            };
            return false;
        }

        envelope = new ReplyEnvelope(from.Call.CorrelationId, new EncodedPayload("", json)) { Call = from.Call };
        return true;
    }

    /// <summary>Answers a caller that a handler left waiting. Called by user code on any thread.</summary>
    public void ReplyLate(From from, object? value)
    {
        if (!TryEncode(from, value, out var envelope, out var failure))
        {
            throw failure.ToException(ServerType.Name, Key);
        }

        if (!from.Call.TryAnswer())
        {
            throw new InvalidOperationException($"The call {from.Request.GetType().Name} to {Id} was answered before.");
        }

        // The turn may end at this very moment, when a task that the handler left behind replies.
        from.Call.IsAnsweredLate = true;
        var turn = Turn.Current;
        var output = new Output(from.Sender, envelope, Self);
        if (turn is not null && turn.Process == this && turn.TryAdd(output, from.Call))
        {
            return;
        }

        if (LazyInitializer.EnsureInitialized(ref _lateReplies).TryAdd(from.Call, output))
        {
            Host.Post(new LateReply(from.Incarnation, from.Call, output));
        }
        else
        {
            Fail(output, RestartedFailure());
        }
    }

    private void OnLateReply(LateReply late)
    {
        _lateReplies?.Remove(late.Call);
        ForgetUnanswered(late.Call, late.Output);
        var isThrownAway = _phase is Phase.Draining or Phase.CrashSaving || (_phase == Phase.FinalSaving && _stopReason.Exception is not null);
        if (_loop is null || isThrownAway || late.Incarnation != _incarnation)
        {
            // Its server has restarted or stopped since; the caller still waits.
            Fail(late.Output, RestartedFailure());
        }
        else
        {
            RememberReply(late.Call, late.Output);
            _loop.Emit(late.Output, _loop.Now);
            Advance();
        }
    }

    /// <summary>Takes a call that a handler makes while unsaved changes are under way. Called by user code on any thread.</summary>
    public void PostGated(in Output output) => Host.Post(new GatedOutput(_incarnation, output));

    // The mailbox ends here, and with it whatever is still on its way through it.
    private void CloseLateReplies()
    {
        foreach (var output in LazyInitializer.EnsureInitialized(ref _lateReplies).Close())
        {
            Fail(output, RestartedFailure());
        }
    }

    private void OnGatedCall(in Output call)
    {
        if (_phase is Phase.Running or Phase.Terminating or Phase.Initialising)
        {
            // Also while Terminate runs: its call waits for the state that it began with, and the final save for Terminate.
            _loop!.Emit(call, _loop.Now);
            Advance();
        }
        else
        {
            // The save that it would wait for will not come, and the handler that awaits it holds up the restart.
            Fail(call, RestartedFailure());
        }
    }

    // Callers without a reply, when there will be none.
    private void FailUnanswered(CallFailure failure)
    {
        foreach (var (call, sender) in _unanswered?.Values ?? Enumerable.Empty<(CallEnvelope, IActorRef)>())
        {
            if (call.TryAnswer())
            {
                sender.Tell(new ReplyEnvelope(call.CorrelationId, null, failure), Self);
            }
        }

        _unanswered = null;
    }

    // What a failed handler wanted to send is not sent. Callers whom it had answered must not be left waiting.
    private void DiscardOutbox(List<Output>? outbox)
    {
        foreach (var output in outbox ?? [])
        {
            Fail(output, RestartedFailure(CallOutcome.Unknown));
        }
    }

    // What waited at the gate for a save that will not come.
    private void FailGate(CallFailure failure)
    {
        while (_loop is not null && _loop.TryDrop(out var output))
        {
            Fail(output, failure);
        }
    }

    private void Fail(in Output output, CallFailure failure)
    {
        switch (output.Message)
        {
            case ReplyEnvelope { Failure: not null } reply:
                output.Target.Tell(reply, Self);
                break;
            case ReplyEnvelope { IsLate: true } reply:
                output.Target.Tell(new ReplyEnvelope(reply.CorrelationId, null, RestartedFailure(CallOutcome.Unknown)), Self);
                break;
            case ReplyEnvelope reply:
                var told = new ReplyEnvelope(reply.CorrelationId, null, failure);
                output.Target.Tell(told, Self);
                if (failure.IsOfHandler && reply.Call is { } call)
                {
                    NoteAnswer(call, (IActorRef)output.Target, told);
                }

                break;
            case CallEnvelope or ControlEnvelope:
                FailCall(output);
                break;
            case ShowMeta:
                break;
            default:
                LogOutputDropped(Log, ServerType.Name, Key, output.Message.GetType().Name, failure.Message);
                break;
        }
    }

    /// <summary>Fails a call that a handler of this server made: it never left, and the handler may still await it. Safe from any thread.</summary>
    public void FailCall(in Output call)
    {
        var correlationId = call.Message switch
        {
            CallEnvelope envelope => envelope.CorrelationId,
            ControlEnvelope envelope => envelope.CorrelationId,
            _ => 0,
        };
        call.Sender.Tell(new ReplyEnvelope(correlationId, null, RestartedFailure()), Self);
    }

    private static bool IsLocal(IActorRef sender) => sender is IActorRefScope { IsLocal: true };
}
