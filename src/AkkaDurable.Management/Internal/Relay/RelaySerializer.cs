using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace AkkaDurable.Management.Internal.Relay;

/// <summary>The messages by which a verb runs on another node, under a closed set of manifests. No type name from the network is ever looked up.</summary>
/// <param name="system">The actor system; Akka makes the serializer, by <see cref="Configuration"/>.</param>
internal sealed class RelaySerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public const int SerializerId = 851;

    private const string RunManifest = "r1";
    private const string StartedManifest = "s1";
    private const string ItemManifest = "i1";
    private const string MoreManifest = "m1";
    private const string AliveManifest = "a1";
    private const string EndedManifest = "e1";

    public static Config Configuration { get; } = ConfigurationFactory.ParseString("""
        akka.actor {
          serializers.akka-durable-relay = "AkkaDurable.Management.Internal.Relay.RelaySerializer, AkkaDurable.Management"
          serialization-bindings { "AkkaDurable.Management.Internal.Relay.RelayMessage, AkkaDurable.Management" = akka-durable-relay }
          serialization-identifiers { "AkkaDurable.Management.Internal.Relay.RelaySerializer, AkkaDurable.Management" = 851 }
        }
        """);

    public override int Identifier => SerializerId;

    public override string Manifest(object o) => o switch
    {
        RelayMessage.Run => RunManifest,
        RelayMessage.Started => StartedManifest,
        RelayMessage.Item => ItemManifest,
        RelayMessage.More => MoreManifest,
        RelayMessage.Alive => AliveManifest,
        RelayMessage.Ended => EndedManifest,
        _ => throw new ArgumentException($"{o.GetType()} is not a message of AkkaDurable.Management.", nameof(o)),
    };

    public override byte[] ToBinary(object obj) => RelayWire.Write((RelayMessage)obj);

    public override object FromBinary(byte[] bytes, string manifest)
    {
        try
        {
            return manifest switch
            {
                RunManifest => RelayWire.ReadRun(bytes),
                StartedManifest => new RelayMessage.Started(),
                ItemManifest => RelayWire.ReadItem(bytes),
                MoreManifest => RelayWire.ReadMore(bytes),
                AliveManifest => new RelayMessage.Alive(),
                EndedManifest => RelayWire.ReadEnded(bytes),
                _ => throw new SerializationException($"Unknown manifest '{manifest}' for AkkaDurable.Management's serializer. The message was refused."),
            };
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or FormatException)
        {
            throw new SerializationException($"A message '{manifest}' of AkkaDurable.Management cannot be read. It was refused.", exception);
        }
    }
}
