namespace AkkaDurable.Cluster.Tests;

/// <summary>Tests that keep threads or the processor busy, and so would disturb those that run beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
