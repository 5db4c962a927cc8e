namespace AkkaDurable;

/// <summary>Which part of a cluster lives on when the network between its nodes is cut. The nodes of the other parts shut down.</summary>
public enum SplitBrainStrategy
{
    /// <summary>The part with more nodes; of two equal ones that with the lowest address. For three or more regions, or one.</summary>
    KeepMajority,

    /// <summary>
    /// The part that gets a lease in the SQL database; the larger one, or that with the lowest address, asks for it first. For two regions: whichever region is lost, with however many nodes, the other one lives on. All nodes name
    /// the same database, those that only call servers too. The price: when the database does not answer at the very moment when a node was lost, all nodes shut down.
    /// </summary>
    LeaseMajority,
}
