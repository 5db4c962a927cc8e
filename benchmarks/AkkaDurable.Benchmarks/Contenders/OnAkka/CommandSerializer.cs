using System.Buffers.Binary;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace AkkaDurable.Benchmarks.Contenders.OnAkka;

/// <summary>Writes commands as a number and the key: nothing is faster. The reply is an integer, for which Akka.Remote has a binary form of its own.</summary>
internal sealed class CommandSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string Add = "a";
    private const string Get = "g";

    public static Config Config { get; } = ConfigurationFactory.ParseString($$"""
        akka.actor {
          serializers.command = "{{typeof(CommandSerializer).AssemblyQualifiedName}}"
          serialization-bindings."{{typeof(CounterCommand).AssemblyQualifiedName}}" = command
        }
        """);

    public override int Identifier => 4712;

    public override string Manifest(object o) => o is AddCommand ? Add : Get;

    public override byte[] ToBinary(object obj)
    {
        var command = (CounterCommand)obj;
        var bytes = new byte[sizeof(int) + Encoding.UTF8.GetByteCount(command.Key)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, (command as AddCommand)?.By ?? 0);
        Encoding.UTF8.GetBytes(command.Key, bytes.AsSpan(sizeof(int)));
        return bytes;
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        var key = Encoding.UTF8.GetString(bytes, sizeof(int), bytes.Length - sizeof(int));
        return manifest == Add ? new AddCommand(key, BinaryPrimitives.ReadInt32LittleEndian(bytes)) : new GetCommand(key);
    }
}
