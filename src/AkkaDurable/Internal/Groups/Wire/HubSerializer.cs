using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;
using AkkaDurable.Internal.Groups.Replication;

namespace AkkaDurable.Internal.Groups.Wire;

/// <summary>The messages between hubs, under a closed set of manifests. No type name from the network is ever looked up.</summary>
/// <param name="system">The actor system; Akka makes the serializer, by <see cref="Configuration"/>.</param>
internal sealed class HubSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public const int SerializerId = 850;

    public const string HelloManifest = "h1";
    public const string AskHelloManifest = "a1";
    public const string FrameManifest = "f1";
    public const string ResyncManifest = "y1";
    public const string DigestManifest = "i1";
    public const string DispatchedManifest = "d1";

    public static Config Configuration { get; } = ConfigurationFactory.ParseString("""
        akka.actor {
          serializers.akka-durable-groups = "AkkaDurable.Internal.Groups.Wire.HubSerializer, AkkaDurable"
          serialization-bindings { "AkkaDurable.Internal.Groups.Replication.IHubMessage, AkkaDurable" = akka-durable-groups }
          serialization-identifiers { "AkkaDurable.Internal.Groups.Wire.HubSerializer, AkkaDurable" = 850 }
        }
        """);

    public override int Identifier => SerializerId;

    public override string Manifest(object o) => o switch
    {
        Hello => HelloManifest,
        AskHello => AskHelloManifest,
        Frame => FrameManifest,
        Resync => ResyncManifest,
        Digest => DigestManifest,
        Dispatched => DispatchedManifest,
        _ => throw new ArgumentException($"{o.GetType()} is not a message of AkkaDurable's groups.", nameof(o)),
    };

    public override byte[] ToBinary(object obj) => HubWire.Write((IHubMessage)obj);

    public override object FromBinary(byte[] bytes, string manifest)
    {
        try
        {
            return manifest switch
            {
                HelloManifest => HubWire.ReadHello(bytes),
                AskHelloManifest => HubWire.ReadAskHello(bytes),
                FrameManifest => HubWire.ReadFrame(bytes),
                ResyncManifest => HubWire.ReadResync(bytes),
                DigestManifest => HubWire.ReadDigest(bytes),
                DispatchedManifest => HubWire.ReadDispatched(bytes),
                _ => throw new SerializationException($"Unknown manifest '{manifest}' for the serializer of AkkaDurable's groups. The message was refused."),
            };
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or FormatException)
        {
            throw new SerializationException($"A message '{manifest}' of AkkaDurable's groups cannot be read. It was refused.", exception);
        }
    }
}
