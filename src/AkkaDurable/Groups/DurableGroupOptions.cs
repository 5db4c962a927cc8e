namespace AkkaDurable;

/// <summary>How groups and lifecycle events work on a node. Part of <see cref="DurableServersSetup"/>.</summary>
public sealed class DurableGroupOptions
{
    /// <summary>The named clusters that this node belongs to from the start. It is connected to others when they are first used here.</summary>
    public IList<string> Clusters { get; } = [];

    /// <summary>Message types for dispatches, besides those that the server types of this node declare.</summary>
    public DurableMessageTypes Messages { get; } = new();

    /// <summary>How often nodes compare what they know of each other, so that what was lost on the way is noticed and sent again.</summary>
    /// <value>The default is 1 second; 50 ms to 1 minute.</value>
    public TimeSpan CompareEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the first use of a named cluster, or a new watcher, waits for what the other nodes know. Nodes that are out of reach are not waited for.</summary>
    /// <value>The default is 5 seconds; more than zero.</value>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    internal void Validate()
    {
        if (CompareEvery < TimeSpan.FromMilliseconds(50) || CompareEvery > TimeSpan.FromMinutes(1))
        {
            throw new DurableConfigurationException("DurableGroupOptions.CompareEvery", CompareEvery.ToString(), "it must be 50 ms to 1 minute");
        }

        if (ConnectTimeout <= TimeSpan.Zero)
        {
            throw new DurableConfigurationException("DurableGroupOptions.ConnectTimeout", ConnectTimeout.ToString(), "it must be more than zero");
        }
    }
}
