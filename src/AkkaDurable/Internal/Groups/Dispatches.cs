using Akka.Actor;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Groups.Hub;
using AkkaDurable.Internal.Runtime;

namespace AkkaDurable.Internal.Groups;

/// <summary>Messages to groups set out here.</summary>
internal static class Dispatches
{
    /// <summary>In a handler it leaves when the state is stored, as a cast does.</summary>
    public static void Send(DurableNode node, string group, object message, string? cluster, bool localOnly)
    {
        ArgumentNullException.ThrowIfNull(message);
        GroupRule.CheckGroup(group);
        var scope = GroupRule.ClusterOf(cluster);
        var type = node.Messages.Require(message.GetType(), "", group);
        var payload = localOnly ? null : Encode(node, group, message, type.Alias, type.Json);
        var output = new Output(node.Lifecycle.Hub, new Dispatch(scope, group, message, payload), ActorRefs.Nobody);
        if (Turn.Current is not { } turn || !turn.TryAdd(output))
        {
            output.Send();
        }
    }

    private static EncodedPayload Encode(DurableNode node, string group, object message, string alias, System.Text.Json.JsonSerializerOptions json)
    {
        ReadOnlyMemory<byte> bytes;
        try
        {
            bytes = Payloads.Write(message, message.GetType(), json, codec: null);
        }
        catch (Exception exception)
        {
            // Whatever a property of the message's own throws.
            throw new MessageNotSerializableException("", group, $"{message.GetType().Name} for the group {group} cannot be written as JSON: {exception.Message}", exception);
        }

        return bytes.Length <= node.MaxMessageSize
            ? new EncodedPayload(alias, bytes)
            : throw new MessageTooLargeException("", group, $"{message.GetType().Name} for the group {group} is {bytes.Length:N0} bytes; the limit between nodes is {node.MaxMessageSize:N0} (DurableServersSetup.MaxMessageSize).")
            {
                Size = bytes.Length,
                Limit = node.MaxMessageSize,
            };
    }
}
