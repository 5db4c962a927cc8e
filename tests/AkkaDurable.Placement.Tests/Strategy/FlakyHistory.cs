namespace AkkaDurable.Placement.Tests.Strategy;

/// <summary>A history that is out of reach as long as it is told to be.</summary>
internal sealed class FlakyHistory : IPlacementHistory
{
    private readonly InMemoryPlacementHistory _inner = new();

    public volatile bool Fails;

    public Task<IReadOnlyList<PlacementRecord>> LoadAsync(string typeName, CancellationToken cancellationToken) =>
        Fails ? throw new TimeoutException("the history is out of reach") : _inner.LoadAsync(typeName, cancellationToken);

    public Task RecordAsync(string typeName, IReadOnlyCollection<PlacementRecord> records, CancellationToken cancellationToken) =>
        Fails ? throw new TimeoutException("the history is out of reach") : _inner.RecordAsync(typeName, records, cancellationToken);
}
