using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;
using AkkaDurable.Journal.Internal.Events.V1;
using Google.Protobuf;

namespace AkkaDurable.Journal.Internal.Events;

/// <summary>Our events in the journal, under a closed set of manifests: no type name from a database is ever looked up.</summary>
/// <param name="system">The actor system; Akka makes the serializer, by <see cref="Configuration"/>.</param>
internal sealed class JournalSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public const int SerializerId = 848;

    public const string RecordManifest = "r1";
    public const string IndexManifest = "i1";
    public const string LeasesManifest = "l1";
    public const string TypeManifest = "t1";
    public const string ProbeManifest = "p1";

    // Each class by its own name: of all bindings only that of the very class comes before others, and Akka.Remote binds every protobuf message to a serializer of its own, which stores type names.
    public static Config Configuration { get; } = ConfigurationFactory.ParseString("""
        akka.actor {
          serializers.akka-durable-journal = "AkkaDurable.Journal.Internal.Events.JournalSerializer, AkkaDurable.Journal"
          serialization-bindings {
            "AkkaDurable.Journal.Internal.Events.V1.RecordEvent, AkkaDurable.Journal" = akka-durable-journal
            "AkkaDurable.Journal.Internal.Events.V1.IndexEvent, AkkaDurable.Journal" = akka-durable-journal
            "AkkaDurable.Journal.Internal.Events.V1.LeasesEvent, AkkaDurable.Journal" = akka-durable-journal
            "AkkaDurable.Journal.Internal.Events.V1.TypeEvent, AkkaDurable.Journal" = akka-durable-journal
            "AkkaDurable.Journal.Internal.Events.V1.ProbeEvent, AkkaDurable.Journal" = akka-durable-journal
          }
          serialization-identifiers { "AkkaDurable.Journal.Internal.Events.JournalSerializer, AkkaDurable.Journal" = 848 }
        }
        """);

    public override int Identifier => SerializerId;

    public override string Manifest(object o) => o switch
    {
        RecordEvent => RecordManifest,
        IndexEvent => IndexManifest,
        LeasesEvent => LeasesManifest,
        TypeEvent => TypeManifest,
        ProbeEvent => ProbeManifest,
        _ => throw new ArgumentException($"{o.GetType()} is not an event of AkkaDurable.", nameof(o)),
    };

    public override byte[] ToBinary(object obj) => obj is IJournalEvent and IMessage message
        ? message.ToByteArray()
        : throw new ArgumentException($"{obj.GetType()} is not an event of AkkaDurable.", nameof(obj));

    public override object FromBinary(byte[] bytes, string manifest)
    {
        try
        {
            return manifest switch
            {
                RecordManifest => RecordEvent.Parser.ParseFrom(bytes),
                IndexManifest => IndexEvent.Parser.ParseFrom(bytes),
                LeasesManifest => LeasesEvent.Parser.ParseFrom(bytes),
                TypeManifest => TypeEvent.Parser.ParseFrom(bytes),
                ProbeManifest => ProbeEvent.Parser.ParseFrom(bytes),
                _ => throw new SerializationException($"Unknown manifest '{manifest}' for AkkaDurable's journal serializer: the event was written by something else, or by a newer version."),
            };
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new SerializationException($"A malformed '{manifest}' of {bytes.Length} bytes was refused.", exception);
        }
    }
}
