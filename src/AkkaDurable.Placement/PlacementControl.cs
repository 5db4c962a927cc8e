using Akka.Actor;

namespace AkkaDurable.Placement;

/// <summary>The extension of an actor system that reports about its node, hears the reports of the others, and lets operators steer placement. Safe for concurrent use.</summary>
public sealed class PlacementControl : IPlacementControl, IExtension
{
    internal PlacementControl(ExtendedActorSystem system)
    {
        System = system;
        Setup = system.Settings.Setup.Get<PlacementSetup>() is { HasValue: true } setup ? setup.Value : new PlacementSetup();
    }

    /// <inheritdoc/>
    public NodeLocation Location => throw new NotSupportedException();

    /// <inheritdoc/>
    public IReadOnlyList<NodeInfo> Nodes => throw new NotSupportedException();

    internal ExtendedActorSystem System { get; }

    internal PlacementSetup Setup { get; }

    /// <summary>The control of an actor system's node. Each node of the cluster needs it; a strategy starts it by itself.</summary>
    /// <param name="system">The actor system; one of a cluster.</param>
    /// <returns>The one instance of that system.</returns>
    /// <exception cref="InvalidOperationException">The actor system has no cluster.</exception>
    public static PlacementControl Get(ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        return system.WithExtension<PlacementControl, Internal.Control.PlacementControlProvider>();
    }

    /// <inheritdoc/>
    public Task<PlacementCommandResult> RehomeAsync(string typeName, string shard, string? targetNode = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<PlacementCommandResult> DrainAsync(string node, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<PlacementCommandResult> UndrainAsync(string node, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<PlacementCommandResult> CordonAsync(string node, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<PlacementCommandResult> UncordonAsync(string node, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, int> ShardsLeftOn(string node) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<PlacementDecision?> ExplainAsync(string typeName, string shard, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public PlacementRefusal? RefusalOf(string typeName, string shard) => throw new NotSupportedException();

    /// <inheritdoc/>
    public IDisposable OnRefused(string typeName, Action<PlacementRefusal> refused) => throw new NotSupportedException();
}
