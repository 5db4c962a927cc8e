namespace AkkaDurable.Management;

/// <summary>What running a command does to the cluster: who may run it depends on it.</summary>
public enum CommandEffect
{
    /// <summary>It only looks.</summary>
    Reads = 0,

    /// <summary>It only looks, but shows what may be confidential, such as the state of a server. Asks for the same permission as a change.</summary>
    Reveals = 1,

    /// <summary>It changes something that can be changed back.</summary>
    Changes = 2,

    /// <summary>It changes something that cannot be taken back, or takes a node out. Asks for a confirmation too.</summary>
    Destroys = 3,
}
