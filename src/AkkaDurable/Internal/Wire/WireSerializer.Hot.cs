using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Telemetry;

namespace AkkaDurable.Internal.Wire;

// Calls and good replies: one of each a call, so they are written and read by hand. The fields are those of WireMessages.proto, and in the order in which the generated code has them.
internal sealed partial class WireSerializer
{
    // Larger ones are not kept.
    private const int MaxScratch = 64 * 1024;

    [ThreadStatic]
    private static byte[]? t_scratch;

    /// <summary>The same bytes as <see cref="ToBinary"/>, good until this thread writes the next message.</summary>
    public ReadOnlySpan<byte> WriteInPlace(IWireMessage message) => message switch
    {
        CallEnvelope call => WriteHot(call),
        ReplyEnvelope { Failure: null, Value: EncodedPayload { Json: var json } } reply => json.Length <= Node.MaxMessageSize ? WriteHot(reply.CorrelationId, json.Span) : Write(reply),
        _ => ToBinary(message),
    };

    private ReadOnlySpan<byte> WriteHot(CallEnvelope call)
    {
        var json = Encode(call.Payload, call, out var alias);
        var (traceParent, traceState) = (call.Trace?.Parent ?? "", call.Trace?.State ?? "");
        var room = (11 * FieldWriter.Room) + FieldWriter.RoomFor(traceParent) + FieldWriter.RoomFor(traceState) + FieldWriter.RoomFor(call.ServerType) + FieldWriter.RoomFor(call.Key) + FieldWriter.RoomFor(alias) + json.Length + FieldWriter.RoomFor(call.Id.Given);
        var scratch = Scratch(room);
        var writer = new FieldWriter(scratch);
        writer.Text(V1.Call.ServerTypeFieldNumber, call.ServerType);
        writer.Text(V1.Call.KeyFieldNumber, call.Key);
        writer.Number(V1.Call.CorrelationIdFieldNumber, call.CorrelationId);
        writer.Text(V1.Call.AliasFieldNumber, alias);
        writer.Bytes(V1.Call.JsonFieldNumber, json.Span);
        writer.Fixed(V1.Call.SessionFieldNumber, call.Id.Session);
        writer.Number(V1.Call.SequenceFieldNumber, call.Id.Sequence);
        writer.Number(V1.Call.OpenFromFieldNumber, call.Id.OpenFrom);
        writer.Number(V1.Call.IsRepeatFieldNumber, call.IsRepeat ? 1 : 0);
        if (call.Id.Given is { } given)
        {
            writer.PresentText(V1.Call.GivenIdFieldNumber, given);
        }

        writer.Number(V1.Call.IsWithdrawnFieldNumber, call.TryTake() ? 0 : 1);
        writer.Text(V1.Call.TraceParentFieldNumber, traceParent);
        writer.Text(V1.Call.TraceStateFieldNumber, traceState);

        return scratch.AsSpan(0, writer.Length);
    }

    private static ReadOnlySpan<byte> WriteHot(long correlationId, ReadOnlySpan<byte> json)
    {
        var scratch = Scratch((2 * FieldWriter.Room) + json.Length);
        var writer = new FieldWriter(scratch);
        writer.Number(V1.Reply.CorrelationIdFieldNumber, correlationId);
        writer.PresentBytes(V1.Reply.JsonFieldNumber, json);
        return scratch.AsSpan(0, writer.Length);
    }

    private static CallEnvelope ReadCall(ReadOnlySpan<byte> bytes)
    {
        var (serverType, key, alias) = ("", "", "");
        var (traceParent, traceState) = ("", "");
        string? given = null;
        long correlationId = 0, session = 0, sequence = 0, openFrom = 0;
        var (isRepeat, isWithdrawn) = (false, false);
        ReadOnlySpan<byte> json = default;
        var reader = new FieldReader(bytes);
        while (reader.TryRead())
        {
            switch (reader.Tag)
            {
                case (V1.Call.ServerTypeFieldNumber << 3) | 2:
                    serverType = Names.Known(reader.Bytes);
                    break;
                case (V1.Call.KeyFieldNumber << 3) | 2:
                    key = Names.Read(reader.Bytes);
                    break;
                case V1.Call.CorrelationIdFieldNumber << 3:
                    correlationId = reader.Number;
                    break;
                case (V1.Call.AliasFieldNumber << 3) | 2:
                    alias = Names.Known(reader.Bytes);
                    break;
                case (V1.Call.JsonFieldNumber << 3) | 2:
                    json = reader.Bytes;
                    break;
                case (V1.Call.SessionFieldNumber << 3) | 1:
                    session = reader.Number;
                    break;
                case V1.Call.SequenceFieldNumber << 3:
                    sequence = reader.Number;
                    break;
                case V1.Call.OpenFromFieldNumber << 3:
                    openFrom = reader.Number;
                    break;
                case V1.Call.IsRepeatFieldNumber << 3:
                    isRepeat = reader.Number != 0;
                    break;
                case (V1.Call.GivenIdFieldNumber << 3) | 2:
                    given = Names.Read(reader.Bytes);
                    break;
                case V1.Call.IsWithdrawnFieldNumber << 3:
                    isWithdrawn = reader.Number != 0;
                    break;
                case (V1.Call.TraceParentFieldNumber << 3) | 2:
                    traceParent = Names.Read(reader.Bytes);
                    break;
                case (V1.Call.TraceStateFieldNumber << 3) | 2:
                    traceState = Names.Read(reader.Bytes);
                    break;
            }
        }

        return Withdraw<CallEnvelope>(
            isWithdrawn,
            new(serverType, key, correlationId, new EncodedPayload(alias, json.ToArray()))
            {
                Id = new CallId(session, sequence, openFrom, given),
                IsRepeat = isRepeat,
                Trace = TraceOrigin.Read(traceParent, traceState),
            });
    }

    private static ReplyEnvelope ReadReply(ReadOnlySpan<byte> bytes)
    {
        var correlationId = 0L;
        ReadOnlySpan<byte> json = default;
        var reader = new FieldReader(bytes);
        while (reader.TryRead())
        {
            switch (reader.Tag)
            {
                case V1.Reply.CorrelationIdFieldNumber << 3:
                    correlationId = reader.Number;
                    break;
                case (V1.Reply.JsonFieldNumber << 3) | 2:
                    json = reader.Bytes;
                    break;
                case (V1.Reply.FailureFieldNumber << 3) | 2:
                    return Read(V1.Reply.Parser.ParseFrom(bytes));
            }
        }

        return new(correlationId, new EncodedPayload("", json.ToArray()));
    }

    private static byte[] Scratch(int size)
    {
        if (size > MaxScratch)
        {
            return new byte[size];
        }

        return t_scratch is { } kept && kept.Length >= size ? kept : t_scratch = new byte[Math.Min(MaxScratch, Math.Max(size * 2, 1024))];
    }
}
