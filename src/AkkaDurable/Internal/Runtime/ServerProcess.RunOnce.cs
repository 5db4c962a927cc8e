using Akka.Actor;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Calls.Recent;
using AkkaDurable.Storage;

namespace AkkaDurable.Internal.Runtime;

// Calls that come again: answered from what is remembered of the last calls, instead of run twice.
internal sealed partial class ServerProcess
{
    // Null until a call changes the state, or came with the stored state.
    private RecentCalls? _calls;

    // What was answered without a change, for which there is no save to remember it with. Outlives restarts.
    private AnsweredCalls? _answered;

    // Whether the call is one that ran before, or is under way; it is answered then, or will be.
    private bool TryAnswerAgain(CallEnvelope call, IActorRef sender)
    {
        if (call.Id.IsNone)
        {
            return false;
        }

        if (_unanswered is { Count: > 0 } && _unanswered.ContainsKey(CallKey.Of(call, sender)))
        {
            // The late reply to the other attempt will answer it.
            return true;
        }

        if (TryAnswerPast(call, sender))
        {
            return true;
        }

        EncodedPayload? reply = null;
        var remembersNone = ServerType.Options.RememberedCalls == 0;
        if (remembersNone ? !call.IsRepeat : _calls is null || _calls.HasRun(call.Id, out reply) is false)
        {
            // Another attempt was answered on this node, which is also the caller's: it has its answer, or will have it with the save that it waits for.
            return call.IsAnswered;
        }

        AnswerAgain(call, sender, reply is null ? null : new ReplyEnvelope(call.CorrelationId, reply));
        return true;
    }

    // The same for a call that no stored state knows of, and that needs no running server.
    private bool TryAnswerPast(CallEnvelope call, IActorRef sender)
    {
        if (_answered is null || (!call.IsRepeat && !_answered.HasRepeats))
        {
            return false;
        }

        if (_answered.TryFind(CallKey.Of(call, sender), call.Id, out var before))
        {
            AnswerAgain(call, sender, before is null ? null : new ReplyEnvelope(call.CorrelationId, before.Value, before.Failure));
            return true;
        }

        EncodedPayload? reply = null;
        if (!call.IsRepeat || _answered.OfDeleted is null || _answered.OfDeleted.HasRun(call.Id, out reply) is false)
        {
            return false;
        }

        AnswerAgain(call, sender, reply is null ? null : new ReplyEnvelope(call.CorrelationId, reply));
        return true;
    }

    private void AnswerAgain(CallEnvelope call, IActorRef sender, ReplyEnvelope? reply)
    {
        LogAnsweredAgain(Log, ServerType.Name, Key, call.Id.Text, reply is not null);

        // Of a given id the first run may be stored, whatever becomes of this answer, and its caller cannot know of it.
        call.IsAnsweredLate = call.Id.Given is not null;
        var answer = reply is not null
            ? new ReplyEnvelope(reply.CorrelationId, reply.Value, reply.Failure) { Call = call }
            : new ReplyEnvelope(call.CorrelationId, null, new CallFailure(FailureKind.OutcomeUnknown, $"The call {call.Id.Text} to {Id} came before; what it was answered is not remembered, or it was not answered yet.") { CallId = call.Id.Text });
        var output = new Output(sender, answer, Self);
        if (_loop is null)
        {
            output.Send();
            return;
        }

        // What it tells may not be stored yet.
        _loop.Emit(output, _loop.Now);
        Advance();
    }

    // A repeat whose first attempt still waits here needs no place of its own.
    private bool IsWaiting(CallEnvelope repeat, IActorRef sender)
    {
        var key = CallKey.Of(repeat, sender);
        return (_caller is { } from && CallKey.Of(from.Call, from.Sender) == key) || _waiting?.Contains(key) == true;
    }

    private void ForgetUnanswered(CallEnvelope call, in Output reply)
    {
        var key = CallKey.Of(call, (IActorRef)reply.Target);
        if (_unanswered is not null && _unanswered.TryGetValue(key, out var unanswered) && ReferenceEquals(unanswered.Call, call))
        {
            _unanswered.Remove(key);
        }
    }

    // A call has changed the state, or sent something: it must not run again. Nor may the attempt that a repeat has overtaken: its caller has its answer.
    private void Remember(From from, ReplyEnvelope? reply)
    {
        if (from.Call.Id.IsNone || ServerType.Options.RememberedCalls == 0)
        {
            return;
        }

        (_calls ??= new RecentCalls(ServerType.CallLimits)).Add(
            from.Call.Id, reply is { Failure: null } ? reply : null, ServerType.Node.Messages.Find(from.Request.GetType()), Time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    // A call that was left without a reply has got one.
    private void RememberReply(CallEnvelope call, in Output output)
    {
        if (call.Id.IsNone || output.Message is not ReplyEnvelope reply)
        {
            return;
        }

        if (_calls is not null && reply.Failure is null)
        {
            var request = call.Payload is EncodedPayload encoded ? ServerType.Node.Messages.Find(encoded.Alias) : ServerType.Node.Messages.Find(call.Payload.GetType());
            if (_calls.TrySetReply(call.Id, reply, request))
            {
                return;
            }
        }

        NoteAnswer(call, (IActorRef)output.Target, reply);
    }

    // A call was answered, and no state will tell of it. Attempts that come from this node can tell themselves that another one was answered.
    private void NoteAnswer(CallEnvelope call, IActorRef sender, ReplyEnvelope reply)
    {
        if (IsLocal(sender) || call.Id.IsNone || ServerType.Options.RememberedCalls == 0)
        {
            return;
        }

        // Without what stays in the process anyway.
        var failure = reply.Failure is { Cause: not null } ? reply.Failure with { Cause = null } : reply.Failure;
        (_answered ??= new()).Add(CallKey.Of(call, sender), call.Id, call.IsRepeat, reply.Value, failure, Time.GetTimestamp(), ServerType.AnswersKeptFor);
    }

    // The server leaves memory, and may be back before the last repeat has come.
    private void LeaveAnswered()
    {
        if (_answered is not null && !_answered.IsPast(Time.GetTimestamp(), ServerType.AnswersKeptFor))
        {
            ServerType.PastCalls.Put(Key, _answered);
        }

        _answered = null;
    }

    // What ran is part of the state: stored with it, and not at all when it is thrown away.
    private SaveRequest SaveOf(ServerStatus status, ReadOnlyMemory<byte>? json)
    {
        _savesPermanent = _isPermanent != _isStoredPermanent;
        return new(Id, _token, _revision, status, ServerType.States.VersionOf(_instance!.Server), json) { RecentCalls = _calls?.Take(), IsPermanent = PermanenceToSave, Hint = this };
    }
}
