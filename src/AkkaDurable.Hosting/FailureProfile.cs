namespace AkkaDurable;

/// <summary>How soon a cluster takes a silent node for dead, and what that costs.</summary>
public enum FailureProfile
{
    /// <summary>
    /// For machines and networks that answer steadily. When a node is killed its servers answer elsewhere within 10 s (measured with three processes: 7.5 s, also when it was the node that coordinates the shards).
    /// The price: a node that is silent for more than about 5 s, because of a long garbage collection, a frozen virtual machine or a network outage, is taken for dead. It shuts down and must be started again.
    /// </summary>
    Balanced,

    /// <summary>
    /// For machines that freeze and networks that come and go: Akka's own patience. A node may be silent for about 20 s before it is taken for dead. The price: when a node is killed its servers
    /// answer elsewhere after about 27 s (measured: 26.5 s).
    /// </summary>
    Patient,
}
