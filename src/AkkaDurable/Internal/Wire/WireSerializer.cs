using System.Runtime.Serialization;
using System.Text.Json;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Couriers;
using AkkaDurable.Internal.Runtime;
using AkkaDurable.Internal.Telemetry;
using Google.Protobuf;

namespace AkkaDurable.Internal.Wire;

/// <summary>
/// All that crosses the wire between our nodes, under a closed set of manifests. Payloads stay bytes until somebody who can answer for them reads them; no type name from the network is ever looked up.
/// </summary>
/// <param name="system">The actor system; Akka makes the serializer, by <see cref="Configuration"/>.</param>
internal sealed partial class WireSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public const int SerializerId = 847;

    // A failure must reach its caller whatever its text is; a handler's exception may carry a book.
    private const int MaxFailureText = 8_000;

    public const string CallManifest = "c1";
    public const string CastManifest = "t1";
    public const string ControlManifest = "x1";
    public const string ReplyManifest = "r1";
    public const string BatchManifest = "b1";

    // Not asked for before the first message: Akka may make the serializer while the extension is being made.
    private readonly Lazy<DurableNode> _node = new(() => DurableServers.Get(system).Node);

    public static Config Configuration { get; } = ConfigurationFactory.ParseString("""
        akka.actor {
          serializers.akka-durable = "AkkaDurable.Internal.Wire.WireSerializer, AkkaDurable"
          serialization-bindings { "AkkaDurable.Internal.Calls.IWireMessage, AkkaDurable" = akka-durable }
          serialization-identifiers { "AkkaDurable.Internal.Wire.WireSerializer, AkkaDurable" = 847 }
        }
        """);

    private DurableNode Node => _node.Value;

    public override int Identifier => SerializerId;

    public override string Manifest(object o) => o switch
    {
        CallEnvelope => CallManifest,
        CastEnvelope => CastManifest,
        ControlEnvelope => ControlManifest,
        ReplyEnvelope => ReplyManifest,
        OutgoingBatch or IncomingBatch => BatchManifest,
        _ => throw new ArgumentException($"{o.GetType()} is not a message of AkkaDurable.", nameof(o)),
    };

    public override byte[] ToBinary(object obj) => obj switch
    {
        CallEnvelope or ReplyEnvelope { Failure: null, Value: EncodedPayload } => WriteInPlace((IWireMessage)obj).ToArray(),
        CastEnvelope cast => Write(cast),
        ControlEnvelope control => Write(control),
        ReplyEnvelope reply => Write(reply),
        OutgoingBatch batch => batch.TakeBytes(),
        IncomingBatch batch => batch.Bytes.ToArray(),
        _ => throw new ArgumentException($"{obj.GetType()} is not a message of AkkaDurable.", nameof(obj)),
    };

    public override object FromBinary(byte[] bytes, string manifest) => manifest == BatchManifest ? new IncomingBatch(bytes) : Read(bytes, manifest);

    /// <summary>Reads anything but a batch.</summary>
    /// <exception cref="SerializationException">It cannot be read.</exception>
    public static IWireMessage Read(ReadOnlySpan<byte> bytes, string manifest)
    {
        try
        {
            return manifest switch
            {
                CallManifest => ReadCall(bytes),
                CastManifest => Read(V1.Cast.Parser.ParseFrom(bytes)),
                ControlManifest => Read(V1.Control.Parser.ParseFrom(bytes)),
                ReplyManifest => ReadReply(bytes),
                _ => throw new SerializationException($"Unknown manifest '{manifest}' for AkkaDurable's serializer. The message was refused."),
            };
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new SerializationException($"A malformed '{manifest}' of {bytes.Length} bytes was refused.", exception);
        }
    }

    private static CastEnvelope Read(V1.Cast cast) =>
        new(cast.ServerType, cast.Key, new EncodedPayload(cast.Alias, cast.Json.Memory)) { Trace = TraceOrigin.Read(cast.TraceParent, cast.TraceState) };

    private static ControlEnvelope Read(V1.Control control) => Withdraw<ControlEnvelope>(
        control.IsWithdrawn,
        new(control.ServerType, control.Key, control.CorrelationId, (ControlVerb)control.Verb, control.HasInitialStateJson ? new EncodedPayload("", control.InitialStateJson.Memory) : null)
        {
            Trace = TraceOrigin.Read(control.TraceParent, control.TraceState),
        });

    private static T Withdraw<T>(bool isWithdrawn, T envelope)
        where T : ServerEnvelope
    {
        if (isWithdrawn)
        {
            envelope.TryWithdraw();
        }

        return envelope;
    }

    private static ReplyEnvelope Read(V1.Reply reply) => reply.Failure is { } failure
        ? new ReplyEnvelope(reply.CorrelationId, null, new CallFailure((FailureKind)failure.Kind, failure.Message)
        {
            Outcome = (CallOutcome)failure.Outcome,
            Actual = failure.Actual,
            Expected = failure.Expected,
            CallId = failure.CallId,
            Crashes = failure.Crashes.Count == 0 ? [] : [.. failure.Crashes.Select(CrashFormat.Read)],
        })
        : new ReplyEnvelope(reply.CorrelationId, new EncodedPayload("", reply.Json.Memory));

    private byte[] Write(CastEnvelope cast)
    {
        var json = Encode(cast.Payload, cast, out var alias);
        return new V1.Cast { ServerType = cast.ServerType, Key = cast.Key, Alias = alias, Json = UnsafeByteOperations.UnsafeWrap(json), TraceParent = cast.Trace?.Parent ?? "", TraceState = cast.Trace?.State ?? "" }.ToByteArray();
    }

    private byte[] Write(ControlEnvelope control)
    {
        var message = new V1.Control { ServerType = control.ServerType, Key = control.Key, CorrelationId = control.CorrelationId, Verb = (int)control.Verb, IsWithdrawn = !control.TryTake(), TraceParent = control.Trace?.Parent ?? "", TraceState = control.Trace?.State ?? "" };
        if (control.InitialState is EncodedPayload encoded)
        {
            message.InitialStateJson = UnsafeByteOperations.UnsafeWrap(encoded.Json);
        }
        else if (control.InitialState is { } state)
        {
            // A codec writes a state as what it is read; JSON has always had its own type.
            var type = Node.TypeOf(control.ServerType);
            var written = type.WriteCodec is not null && type.States.StateType.IsInstanceOfType(state) ? type.States.StateType : state.GetType();
            var json = EncodeChecked(state, written, type.Json, type.WriteCodec, control);
            message.InitialStateJson = UnsafeByteOperations.UnsafeWrap(json);
        }

        return message.ToByteArray();
    }

    private byte[] Write(ReplyEnvelope reply)
    {
        var message = new V1.Reply { CorrelationId = reply.CorrelationId };
        if (reply.Failure is { } failure)
        {
            message.Failure = new V1.Failure
            {
                Kind = (int)failure.Kind,
                Message = failure.Message.Length <= MaxFailureText ? failure.Message : failure.Message[..MaxFailureText] + "…",
                Outcome = (int)failure.Outcome,
                Actual = failure.Actual,
                Expected = failure.Expected,
                CallId = failure.CallId,
            };
            message.Failure.Crashes.Add(failure.Crashes.Select(CrashFormat.Write));
        }
        else
        {
            // Replies of handlers are encoded and checked before the save; what comes as an object is the answer to a control message.
            var json = reply.Value is EncodedPayload encoded
                ? encoded.Json
                : Payloads.Write(reply.Value, reply.Value?.GetType() ?? typeof(object), Payloads.ControlOptions, codec: null);
            if (json.Length > Node.MaxMessageSize)
            {
                return Write(new ReplyEnvelope(reply.CorrelationId, null, new CallFailure(FailureKind.MessageTooLarge, $"The answer is {json.Length:N0} bytes; the limit between nodes is {Node.MaxMessageSize:N0} (DurableServersSetup.MaxMessageSize).")
                {
                    Actual = json.Length,
                    Expected = Node.MaxMessageSize,
                }));
            }

            message.Json = UnsafeByteOperations.UnsafeWrap(json);
        }

        return message.ToByteArray();
    }

    private ReadOnlyMemory<byte> Encode(object payload, ServerEnvelope envelope, out string alias)
    {
        if (payload is EncodedPayload encoded)
        {
            // On its way through this node to another.
            alias = encoded.Alias;
            return encoded.Json;
        }

        var type = Node.Messages.Require(payload.GetType(), envelope.ServerType, envelope.Key);
        alias = type.Alias;
        return EncodeChecked(payload, type.Type, type.Json, Node.WriteCodecOf(envelope.ServerType), envelope);
    }

    private ReadOnlyMemory<byte> EncodeChecked(object value, Type type, JsonSerializerOptions options, DurableCodec? codec, ServerEnvelope envelope)
    {
        ReadOnlyMemory<byte> json;
        try
        {
            json = Payloads.Write(value, type, options, codec);
        }
        catch (Exception exception)
        {
            var failure = new CallFailure(FailureKind.MessageNotSerializable, $"{type.Name} for {envelope.ServerType}/{envelope.Key} cannot be written as {Payloads.NameOf(codec)}: {exception.Message}") { Cause = exception };
            TellCaller(envelope, failure);
            throw new SerializationException(failure.Message, exception);
        }

        if (json.Length > Node.MaxMessageSize)
        {
            var failure = new CallFailure(
                FailureKind.MessageTooLarge,
                $"{type.Name} for {envelope.ServerType}/{envelope.Key} is {json.Length:N0} bytes; the limit between nodes is {Node.MaxMessageSize:N0} (DurableServersSetup.MaxMessageSize).")
            {
                Actual = json.Length,
                Expected = Node.MaxMessageSize,
            };
            TellCaller(envelope, failure);
            throw new SerializationException(failure.Message);
        }

        return json;
    }

    // Akka.Remote would only log what goes wrong here; the caller waits on this very node and is told at once.
    private void TellCaller(ServerEnvelope envelope, CallFailure failure)
    {
        switch (envelope)
        {
            case CallEnvelope call:
                Node.Channel.Complete(new ReplyEnvelope(call.CorrelationId, null, failure));
                break;
            case ControlEnvelope control:
                Node.Channel.Complete(new ReplyEnvelope(control.CorrelationId, null, failure));
                break;
        }
    }
}
