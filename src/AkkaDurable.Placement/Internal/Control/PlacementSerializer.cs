using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace AkkaDurable.Placement.Internal.Control;

/// <summary>The messages between placement actors, under a closed set of manifests. No type name from the network is ever looked up.</summary>
/// <param name="system">The actor system; Akka makes the serializer, by <see cref="Configuration"/>.</param>
internal sealed class PlacementSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public const int SerializerId = 849;

    private const string GossipManifest = "g1";
    private const string HoldsManifest = "h1";
    private const string ExplainManifest = "e1";
    private const string ExplainedManifest = "x1";

    public static Config Configuration { get; } = ConfigurationFactory.ParseString("""
        akka.actor {
          serializers.akka-durable-placement = "AkkaDurable.Placement.Internal.Control.PlacementSerializer, AkkaDurable.Placement"
          serialization-bindings {
            "AkkaDurable.Placement.Internal.Control.Gossip, AkkaDurable.Placement" = akka-durable-placement
            "AkkaDurable.Placement.Internal.Control.Holds, AkkaDurable.Placement" = akka-durable-placement
            "AkkaDurable.Placement.Internal.Control.Explain, AkkaDurable.Placement" = akka-durable-placement
            "AkkaDurable.Placement.Internal.Control.Explained, AkkaDurable.Placement" = akka-durable-placement
          }
          serialization-identifiers { "AkkaDurable.Placement.Internal.Control.PlacementSerializer, AkkaDurable.Placement" = 849 }
        }
        """);

    public override int Identifier => SerializerId;

    public override string Manifest(object o) => o switch
    {
        Gossip => GossipManifest,
        Holds => HoldsManifest,
        Explain => ExplainManifest,
        Explained => ExplainedManifest,
        _ => throw new ArgumentException($"{o.GetType()} is not a message of AkkaDurable.Placement.", nameof(o)),
    };

    public override byte[] ToBinary(object obj) => PlacementWire.Write((IPlacementMessage)obj);

    public override object FromBinary(byte[] bytes, string manifest)
    {
        try
        {
            return manifest switch
            {
                GossipManifest => PlacementWire.ReadGossip(bytes),
                HoldsManifest => PlacementWire.ReadHolds(bytes),
                ExplainManifest => PlacementWire.ReadExplain(bytes),
                ExplainedManifest => PlacementWire.ReadExplained(bytes),
                _ => throw new SerializationException($"Unknown manifest '{manifest}' for AkkaDurable.Placement's serializer. The message was refused."),
            };
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or FormatException)
        {
            throw new SerializationException($"A message '{manifest}' of AkkaDurable.Placement cannot be read. It was refused.", exception);
        }
    }
}
