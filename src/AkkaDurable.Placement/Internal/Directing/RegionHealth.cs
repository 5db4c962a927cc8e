namespace AkkaDurable.Placement.Internal.Directing;

/// <summary>Since when each region is healthy: it has nodes that take shards, and none of its nodes is out of reach or was lost.</summary>
internal sealed class RegionHealth
{
    private readonly Dictionary<string, State> _regions = new(StringComparer.Ordinal);

    public void Observe(ClusterView view, DateTimeOffset now)
    {
        var counts = new Dictionary<string, (int Takes, bool Troubled)>(StringComparer.Ordinal);
        foreach (var node in view.Nodes)
        {
            var (takes, troubled) = counts.GetValueOrDefault(node.Location.Region);
            counts[node.Location.Region] = (takes + (node.Takes ? 1 : 0), troubled || node.Status == NodeStatus.Unreachable);
        }

        foreach (var region in _regions.Keys.Where(region => !counts.ContainsKey(region)).ToArray())
        {
            _regions.Remove(region);
        }

        foreach (var (region, (takes, troubled)) in counts)
        {
            var known = _regions.TryGetValue(region, out var state);
            var healthy = takes > 0 && !troubled;
            _regions[region] = !healthy ? new State(null, takes)
                : known && state.HealthySince is not null && takes >= state.Takes ? state with { Takes = takes }
                : new State(now, takes);
        }
    }

    public bool IsHealthy(string region, TimeSpan since, DateTimeOffset now) =>
        _regions.TryGetValue(region, out var state) && state.HealthySince is { } healthySince && now - healthySince >= since;

    private readonly record struct State(DateTimeOffset? HealthySince, int Takes);
}
