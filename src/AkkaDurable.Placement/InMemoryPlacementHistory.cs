using System.Collections.Concurrent;

namespace AkkaDurable.Placement;

/// <summary>
/// Keeps the places of shards in this process. It does not survive the process: a coordinator that starts on another node knows the places of what runs then, not where a lost shard was. Safe for concurrent use.
/// </summary>
public sealed class InMemoryPlacementHistory : IPlacementHistory
{
    private readonly ConcurrentDictionary<(string Type, string Shard), PlacementRecord> _records = new();

    /// <inheritdoc/>
    public Task<IReadOnlyList<PlacementRecord>> LoadAsync(string typeName, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<PlacementRecord>>([.. _records.Where(record => record.Key.Type == typeName).Select(record => record.Value)]);

    /// <inheritdoc/>
    public Task RecordAsync(string typeName, IReadOnlyCollection<PlacementRecord> records, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(records);
        foreach (var record in records)
        {
            _records.AddOrUpdate((typeName, record.Shard), record, (_, old) => record.Version > old.Version ? record : old);
        }

        return Task.CompletedTask;
    }
}
