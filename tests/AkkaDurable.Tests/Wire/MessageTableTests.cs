using System.Text.Json;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Wire;

namespace AkkaDurable.Tests.Wire;

[DurableAlias("renamed-one")]
public sealed record Aliased(int A) : ICast;

public sealed class MessageTableTests
{
    private readonly MessageTable _table = new();

    public MessageTableTests() => _table.Declare(typeof(Counter), new DurableMessageTypes(), JsonSerializerOptions.Default);

    [Fact]
    public void Calls_and_casts_of_the_servers_assembly_are_declared_by_themselves()
    {
        Assert.Equal(typeof(int), _table.Find(typeof(Increment))!.ReplyType);
        Assert.Equal(typeof(Increment).FullName, _table.Find(typeof(Increment))!.Alias);
        Assert.Null(_table.Find(typeof(Reset))!.ReplyType);
        Assert.Null(_table.Find(typeof(Tick)));
        Assert.Equal("renamed-one", _table.Find(typeof(Aliased))!.Alias);
    }

    [Fact]
    public void An_undeclared_type_is_refused_with_what_to_do()
    {
        var error = Assert.Throws<MessageNotDeclaredException>(() => _table.Require(typeof(Tick), "counter", "k"));
        Assert.Contains("options.Messages.Add<Tick>()", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_is_read_by_its_alias_and_by_nothing_else()
    {
        Assert.Equal(new Aliased(3), _table.Read(new EncodedPayload("renamed-one", """{"A":3}"""u8.ToArray()), codec: null));
        Assert.Throws<ArgumentException>(() => _table.Read(new EncodedPayload(typeof(Aliased).AssemblyQualifiedName!, "{}"u8.ToArray()), codec: null));
        Assert.Throws<ArgumentException>(() => _table.Read(new EncodedPayload("System.Diagnostics.Process", "{}"u8.ToArray()), codec: null));
        Assert.Throws<ArgumentException>(() => _table.Read(new EncodedPayload("", "{}"u8.ToArray()), codec: null));
        Assert.Throws<JsonException>(() => _table.Read(new EncodedPayload("renamed-one", "{\"A\":"u8.ToArray()), codec: null));
        Assert.Throws<JsonException>(() => _table.Read(new EncodedPayload("renamed-one", "null"u8.ToArray()), codec: null));
    }

    [Fact]
    public void Two_types_of_one_alias_are_refused_at_startup()
    {
        var error = Assert.Throws<DurableConfigurationException>(() => new MessageTable().Declare(typeof(Counter), new DurableMessageTypes().Add<Reset>("renamed-one"), JsonSerializerOptions.Default));
        Assert.Contains("Reset has it already", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_declared_type_that_is_no_message_is_refused_at_startup()
    {
        var error = Assert.Throws<DurableConfigurationException>(() => _table.Declare(typeof(Counter), new DurableMessageTypes().Add<Tick>(), JsonSerializerOptions.Default));
        Assert.Contains("implements ICall<TReply> or ICast", error.Message, StringComparison.Ordinal);
    }
}
