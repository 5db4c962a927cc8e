using System.Diagnostics;
using Akka.Actor;
using AkkaDurable.Internal.Runtime;
using AkkaDurable.Internal.Telemetry;

namespace AkkaDurable.Internal.Calls;

/// <summary>Where calls, casts and control messages of one server type set out from this node.</summary>
internal sealed class Gateway(ServerType type, ICanTell region)
{
    private DurableNode Node => type.Node;

    public ValueTask<TReply> Call<TReply>(string key, object request, TimeSpan? timeout, string? givenId, CancellationToken cancellationToken)
    {
        var turn = Turn.Current;
        if (turn is not null && turn.IsOf(type.Name, key))
        {
            throw new SelfCallException(type.Name, key, $"A handler of {type.Name}/{key} called its own server ({request.GetType().Name}). It would wait for itself for ever: change the state in the handler, or use Continue or a cast.");
        }

        var message = Node.Messages.Require(request.GetType(), type.Name, key);
        if (PlaceFailure(key, timeout) is { } failure)
        {
            return Refused<TReply>(key, request.GetType().Name, failure);
        }

        var isRemembered = type.Options.RememberedCalls > 0;
        var call = Node.Channel.Begin<TReply>(
            type.Name, key, message.Json, CheckTimeout(timeout), isRemembered && givenId is null, cancellationToken, out var task, out var correlationId, out var id);
        call.ReadsWith(type.Codec);
        if (Node.Metrics.MeasuresCalls)
        {
            call.MeasuredBy(Node.Metrics);
        }

        if (givenId is not null)
        {
            call.LastId = id = new CallId(0, 0, 0, givenId);
        }

        var envelope = new CallEnvelope(type.Name, key, correlationId, request) { Id = id, Trace = Spans.AreWanted ? Trace(call, correlationId, key, request.GetType().Name) : null };
        call.Sends(envelope, this);
        if (isRemembered && Node.RepeatsCalls)
        {
            call.RepeatAfter(envelope, type.Options.ResendAfter, call.BeganAt);
        }

        Send(turn, envelope);
        return task;
    }

    /// <summary>Sends once more what was sent before.</summary>
    public void Repeat(ServerEnvelope message) => region.Tell(message, Node.ReplyTo);

    public void Cast(string key, object message)
    {
        Node.Messages.Require(message.GetType(), type.Name, key);
        var output = new Output(region, new CastEnvelope(type.Name, key, message) { Trace = Spans.AreWanted ? Spans.Producer(type.Name, key) : null }, Node.ReplyTo);
        if (Turn.Current is not { } turn || !turn.TryAdd(output))
        {
            output.Send();
        }
    }

    public ValueTask<TReply> Control<TReply>(string key, ControlVerb verb, object? initialState, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var turn = Turn.Current;
        if (turn is not null && turn.IsOf(type.Name, key))
        {
            throw new SelfCallException(type.Name, key, $"A handler of {type.Name}/{key} asked its own server for {verb}. Return Stop from the handler instead.");
        }

        if (PlaceFailure(key, timeout) is { } failure)
        {
            return Refused<TReply>(key, verb.ToString(), failure);
        }

        var call = Node.Channel.Begin<TReply>(
            type.Name, key, Payloads.ControlOptions, CheckTimeout(timeout), isNumbered: false, cancellationToken, out var task, out var correlationId, out _);
        var envelope = new ControlEnvelope(type.Name, key, correlationId, verb, initialState) { Trace = Spans.AreWanted ? Trace(call, correlationId, key, verb.ToString()) : null };
        call.Sends(envelope, this);
        Send(turn, envelope);
        return task;
    }

    public void Return(ServerEnvelope message, IActorRef sender) => region.Tell(message, sender);

    // What the call carries: its own span, or the one that it was made in.
    private TraceOrigin? Trace(PendingCall call, long correlationId, string key, string method)
    {
        var span = Spans.Client(type.Name, key, method);
        if (span is not null)
        {
            call.TracedBy(correlationId, span);
        }

        return TraceOrigin.Of(span ?? Activity.Current);
    }

    private ValueTask<TReply> Refused<TReply>(string key, string method, DurableServerException failure)
    {
        if (Spans.AreWanted && Spans.Client(type.Name, key, method) is { } span)
        {
            Spans.End(span, failure);
        }

        return ValueTask.FromException<TReply>(failure);
    }

    private void Send(Turn? turn, ServerEnvelope envelope)
    {
        var output = new Output(region, envelope, Node.ReplyTo);
        if (turn is null)
        {
            output.Send();
        }
        else
        {
            turn.SendCall(output);
        }
    }

    // What cannot be answered in time is not even sent.
    private DurableServerException? PlaceFailure(string key, TimeSpan? timeout) => type.Holds.FailureOf(key, CheckTimeout(timeout))?.ToException(type.Name, key);

    private TimeSpan CheckTimeout(TimeSpan? timeout)
    {
        var value = timeout ?? type.Options.CallTimeout;
        return value > TimeSpan.Zero || value == Timeout.InfiniteTimeSpan
            ? value
            : throw new ArgumentOutOfRangeException(nameof(timeout), value, "A time-out is more than zero, or Timeout.InfiniteTimeSpan.");
    }
}
