namespace AkkaDurable.Placement.Internal.Directing;

/// <summary>The nodes that run the type, at one moment.</summary>
internal sealed class ClusterView
{
    private readonly Dictionary<string, NodeView> _byAddress;

    public ClusterView(string typeName, IReadOnlyCollection<NodeView> nodes, double serversPerShard = 0)
    {
        TypeName = typeName;
        ServersPerShard = serversPerShard;
        Nodes = [.. nodes.OrderBy(node => node.Address, StringComparer.Ordinal)];
        _byAddress = Nodes.ToDictionary(node => node.Address, StringComparer.Ordinal);
    }

    public string TypeName { get; }

    public NodeView[] Nodes { get; }

    /// <summary>Nodes that are about to run it.</summary>
    public IReadOnlyList<ArrivingNode> Arriving { get; init; } = [];

    /// <summary>How many servers come with a shard, on average.</summary>
    public double ServersPerShard { get; set; }

    /// <summary>Whether a rolling update is under way: what is moved now may have to move again.</summary>
    public bool IsUpdating
    {
        get
        {
            Akka.Util.AppVersion? version = null;
            foreach (var node in Nodes)
            {
                if (version is not null && !version.Equals(node.Version))
                {
                    return true;
                }

                version = node.Version;
            }

            return false;
        }
    }

    /// <summary>Whether nobody comes, goes or is out of reach: Akka needs an answer of each node to move a shard.</summary>
    public bool IsSettled => Nodes.All(node => node.Status == NodeStatus.Up);

    public NodeView? Find(string? address) => address is null ? null : _byAddress.GetValueOrDefault(address);
}
