using Akka.Cluster.Sharding;
using AkkaDurable.Internal.Calls;

namespace AkkaDurable.Internal.Runtime;

/// <summary>Tells Akka which server, and so which shard, a message is for.</summary>
internal sealed class ServerShardExtractor(ShardLayout layout) : IMessageExtractor
{
    public string? EntityId(object message) => (message as ServerEnvelope)?.Key;

    public object EntityMessage(object message) => message;

    public string? ShardId(object message) => EntityId(message) is { } key ? ShardId(key) : null;

    /// <returns>Null, by which the message is unhandled: a throw would restart the shard region, with all that waits there. Only a node whose home regions are other ones can have sent such a message.</returns>
    public string ShardId(string entityId, object? messageHint = null)
    {
        try
        {
            return layout.ShardOf(entityId);
        }
        catch (UnknownRegionException)
        {
            return null!;
        }
    }
}
