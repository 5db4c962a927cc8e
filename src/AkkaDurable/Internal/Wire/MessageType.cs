using System.Text.Json;

namespace AkkaDurable.Internal.Wire;

/// <summary>One declared message type.</summary>
internal sealed class MessageType(Type type, string alias, Type? replyType, JsonSerializerOptions json)
{
    private readonly bool _acceptsNull = replyType is not null && (!replyType.IsValueType || Nullable.GetUnderlyingType(replyType) is not null);

    public Type Type { get; } = type;

    public string Alias { get; } = alias;

    /// <summary>What an <see cref="ICall{TReply}"/> promises; null for casts.</summary>
    public Type? ReplyType { get; } = replyType;

    public JsonSerializerOptions Json { get; } = json;

    public bool Accepts(object? reply) =>
        ReplyType is not null && (reply is null ? _acceptsNull : reply.GetType() == ReplyType || ReplyType.IsInstanceOfType(reply));
}
