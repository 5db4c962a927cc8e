using AkkaDurable.Internal.Calls;

namespace AkkaDurable.Internal.Runtime;

internal sealed class DurableServers<TServer>(ServerType type) : IDurableServers<TServer>
    where TServer : DurableServer
{
    public string ServerType => type.Name;

    public ServerRef this[string key]
    {
        get
        {
            KeyRule.Check(key);
            type.Layout.CheckRegionOf(key);
            return new ServerRef(type, key);
        }
    }
}
