using System.Text.Json;
using AkkaDurable.Sql;
using AkkaDurable.Storage;
using ChangeStats;
using ChangeStats.Cluster;

namespace AkkaDurable.Process.Tests.Regions;

/// <summary>Compares what was acknowledged with what is there.</summary>
internal static class StoredCounts
{
    /// <summary>Checks every key: no count was acknowledged twice, and what its server says, and what is stored, is what was acknowledged; or up to as many more as were left unknown.</summary>
    /// <returns>What is wrong.</returns>
    public static async Task<IReadOnlyList<string>> CompareAsync(RegionCluster cluster, RegionLoad load, RegionCaller caller, TimeSpan patience)
    {
        var stored = await ReadStoreAsync(cluster);
        var wrong = new List<string>();
        foreach (var key in load.Keys)
        {
            var acknowledged = load.Of(key);
            foreach (var twice in acknowledged.GroupBy(one => one.Count).Where(group => group.Count() > 1))
            {
                wrong.Add($"{key}: count {twice.Key} was acknowledged {twice.Count()} times, in {string.Join(", ", twice.Select(one => one.Region))}");
            }

            var said = await caller.Servers[key].CallAsync(new GetStats(), patience, cluster.Deadline);
            var least = Math.Max(acknowledged.Count, acknowledged.Select(one => one.Count).DefaultIfEmpty().Max());
            var most = acknowledged.Count + load.OpenOf(key);
            foreach (var (where, found) in ((string, StatsState?)[])[("its server", said), ("the store", stored.GetValueOrDefault(key))])
            {
                if (found is null || found.Changes < least || found.Changes > most || found != new StatsState(found.Changes, found.Changes, 2 * found.Changes))
                {
                    wrong.Add($"{key} in {where}: expected {least} to {most} changes, found {found?.ToString() ?? "no record"}");
                }
            }
        }

        wrong.AddRange(stored.Keys.Except(load.Keys).Select(key => $"{key} is stored, though nobody called it"));
        return wrong;
    }

    private static async Task<Dictionary<string, StatsState>> ReadStoreAsync(RegionCluster cluster)
    {
        await using var store = SqlStateStore.Create(new SqlStateStoreOptions { ConnectionString = cluster.Database.ConnectionString, ProviderName = cluster.Database.ProviderName });
        await store.PrepareAsync(cluster.Deadline);
        var found = await store.ListAsync(new ServerQuery(StatsCluster.ServerType) { PageSize = 1_000, IncludeState = true }, cluster.Deadline);
        return found.ToDictionary(record => record.Id.Key, record => JsonSerializer.Deserialize<StatsState>(record.State!.Value.Span)!, StringComparer.Ordinal);
    }
}
