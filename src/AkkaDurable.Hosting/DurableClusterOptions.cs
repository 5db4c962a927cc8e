namespace AkkaDurable;

/// <summary>Where a node listens, which cluster it joins, and how soon that cluster gives up on a silent node.</summary>
/// <remarks>Each option can also be set in the configuration section <c>AkkaDurable:Cluster</c>; what the code sets goes first.</remarks>
public sealed class DurableClusterOptions
{
    internal const string DefaultHostname = "localhost";
    internal const int DefaultPort = 8110;

    /// <summary>The address or host name to listen on: <c>0.0.0.0</c> or <c>::</c> for all of the machine's, and then <see cref="PublicHostname"/> must be set.</summary>
    /// <value>The default is <c>localhost</c>: only this machine reaches the node.</value>
    /// <remarks>Whoever reaches the port can send messages to every actor of the node: keep it within a private network.</remarks>
    public string Hostname { get; set; } = DefaultHostname;

    /// <summary>The name by which the other nodes reach this one.</summary>
    /// <value>The default is <see langword="null"/>: <see cref="Hostname"/>.</value>
    public string? PublicHostname { get; set; }

    /// <summary>The TCP port to listen on; 0 takes a free one.</summary>
    /// <value>The default is 8110. 0 to 65,535.</value>
    public int Port { get; set; } = DefaultPort;

    /// <summary>The TCP port by which the other nodes reach this one, where it is not <see cref="Port"/>: behind a port mapping of a container, for example.</summary>
    /// <value>The default is <see langword="null"/>: <see cref="Port"/>. 1 to 65,535.</value>
    public int? PublicPort { get; set; }

    /// <summary>Nodes to join through, such as <c>akka.tcp://shop@10.0.0.1:8110</c>. The first one of the list starts the cluster when there is none yet, so the list is the same on all nodes.</summary>
    /// <value>The default is empty: the node itself, which is a cluster of one. With port 0 its address is not known beforehand; it then waits to be told what to join, by <c>Cluster.Get(system).Join(…)</c>.</value>
    public IList<string> SeedNodes { get; set; } = [];

    /// <summary>The node's roles in the cluster, besides those that were set by other means.</summary>
    /// <value>The default is empty.</value>
    public IList<string> Roles { get; set; } = [];

    /// <summary>The version of the application, such as <c>2.1.0</c>. During a rolling update shards go to the nodes with the newest one.</summary>
    /// <value>The default is <see langword="null"/>: the version of the entry assembly.</value>
    public string? AppVersion { get; set; }

    /// <summary>How soon the cluster takes a silent node for dead. The same on all nodes.</summary>
    /// <value>The default is <see cref="FailureProfile.Balanced"/>.</value>
    public FailureProfile Profile { get; set; } = FailureProfile.Balanced;

    /// <summary>Which part of the cluster lives on when the network between its nodes is cut. The same on all nodes.</summary>
    /// <value>The default is <see cref="SplitBrainStrategy.KeepMajority"/>.</value>
    public SplitBrainStrategy SplitBrain { get; set; } = SplitBrainStrategy.KeepMajority;

    /// <summary>Whether the process of a node that the cluster has put out ends with exit code -1 (255 to a shell) whatever <c>Main</c> returns, and ends by force when the host does not stop within a minute, so that whoever runs it starts it again.</summary>
    /// <value>The default is <see langword="true"/>. Without it the host stops all the same, and the exit code is -1 unless <c>Main</c> returns another; for tests that run several nodes in one process.</value>
    public bool EndProcessWhenDowned { get; set; } = true;
}
