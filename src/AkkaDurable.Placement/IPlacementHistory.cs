namespace AkkaDurable.Placement;

/// <summary>Keeps the places of shards, since Akka never tells where a shard was before. Implementations are safe for concurrent use.</summary>
public interface IPlacementHistory
{
    /// <summary>Reads all records of a type. Called when a coordinator starts; until it has answered no shard that is not running is placed, and a failure is tried again.</summary>
    /// <param name="typeName">The type's name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The records, each shard once.</returns>
    Task<IReadOnlyList<PlacementRecord>> LoadAsync(string typeName, CancellationToken cancellationToken);

    /// <summary>Writes records, one call at a time for a type, behind the placements. A record whose <see cref="PlacementRecord.Version"/> is not greater than the stored one's is passed over, without an error.</summary>
    /// <param name="typeName">The type's name.</param>
    /// <param name="records">The changed records, each shard once, whole. A failure is tried again, with what changed meanwhile.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when they are stored.</returns>
    Task RecordAsync(string typeName, IReadOnlyCollection<PlacementRecord> records, CancellationToken cancellationToken);
}
