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

    // Whether the call is one that ran before, or is under way; it is answered then, or will be.
    private bool TryAnswerAgain(CallEnvelope call, IActorRef sender)
    {
        if (call.Id.IsNone || (_calls is null && !call.IsRepeat))
        {
            return false;
        }

        if (call.IsRepeat && IsUnanswered(call, sender))
        {
            // The late reply to its first attempt will answer it.
            return true;
        }

        EncodedPayload? reply = null;
        var remembersNone = ServerType.Options.RememberedCalls == 0;
        if (!remembersNone && (_calls is null || _calls.HasRun(call.Id, out reply) is false))
        {
            return false;
        }

        LogAnsweredAgain(Log, ServerType.Name, Key, call.Id.Text, reply is not null);
        var answer = reply is not null
            ? new ReplyEnvelope(call.CorrelationId, reply) { IsLate = call.Id.Given is not null }
            : new ReplyEnvelope(call.CorrelationId, null, new CallFailure(FailureKind.OutcomeUnknown, $"The call {call.Id.Text} to {Id} came before; what it was answered is not remembered, or it was not answered yet.") { CallId = call.Id.Text });

        // What it tells may not be stored yet. Of a given id the first run may be, whatever becomes of this answer, and its caller cannot know of it.
        _loop!.Emit(new Output(sender, answer, Self), _loop.Now);
        Advance();
        return true;
    }

    // A repeat whose first attempt still waits here needs no place of its own.
    private bool IsWaiting(CallEnvelope repeat, IActorRef sender)
    {
        if (_caller is { } from && IsSame(from.Call, from.Sender, repeat, sender))
        {
            return true;
        }

        foreach (var waiting in _waiting ?? [])
        {
            if (waiting.Message is CallEnvelope call && IsSame(call, waiting.Sender, repeat, sender))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsUnanswered(CallEnvelope repeat, IActorRef sender)
    {
        foreach (var (call, caller) in _unanswered ?? [])
        {
            if (IsSame(call, caller, repeat, sender))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSame(CallEnvelope call, IActorRef caller, CallEnvelope repeat, IActorRef sender) =>
        call.CorrelationId == repeat.CorrelationId && call.Id.Session == repeat.Id.Session && call.Id.Given == repeat.Id.Given && caller.Equals(sender);

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

    // A call that was remembered without a reply has got one.
    private void RememberReply(CallEnvelope call, object message)
    {
        if (_calls is not null && message is ReplyEnvelope { Failure: null } reply && !call.Id.IsNone)
        {
            var request = call.Payload is EncodedPayload encoded ? ServerType.Node.Messages.Find(encoded.Alias) : ServerType.Node.Messages.Find(call.Payload.GetType());
            _calls.SetReply(call.Id, reply, request);
        }
    }

    // What ran is part of the state: stored with it, and not at all when it is thrown away.
    private SaveRequest SaveOf(ServerStatus status, ReadOnlyMemory<byte>? json) =>
        new(Id, _token, _revision, status, ServerType.States.VersionOf(_instance!.Server), json) { RecentCalls = _calls?.Take() };
}
