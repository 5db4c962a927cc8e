using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using AkkaDurable.Placement;

namespace AkkaDurable.Management.Internal.Palettes;

/// <summary>Which node runs which shards of a type. Each node is asked by itself, so that those that do not answer cost the answer of no other: Akka's GetClusterShardingStats is all or nothing, and needs a coordinator.</summary>
internal sealed record ShardMap(IReadOnlyList<ShardMap.RegionStats> Regions)
{
    public IEnumerable<(string Shard, int Servers, RegionStats Region)> Shards =>
        Regions.Where(region => region.Shards is not null).SelectMany(region => region.Shards!.Select(shard => (shard.Key, shard.Value, region)));

    /// <summary>What the answer lacks.</summary>
    public IEnumerable<CommandOutput> Missing => Regions.Where(region => region.Shards is null)
        .Select(region => new CommandOutput.Partial($"{region.Node} did not answer{(region.IsReachable ? "" : ": it is unreachable")}; its shards are not counted", region.Node));

    public static async Task<ShardMap> AskAsync(ActorSystem system, IDurableServerType type, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var state = Cluster.Get(system).State;
        var members = state.Members
            .Where(member => member.Status is MemberStatus.Up or MemberStatus.Leaving or MemberStatus.Exiting && (type.Role is not { } role || member.HasRole(role)))
            .OrderBy(member => member.Address.ToString(), StringComparer.Ordinal)
            .ToArray();

        // The coordinator is a singleton, which runs on the oldest.
        var oldest = members.Aggregate((Member?)null, (oldest, member) => oldest is null || member.IsOlderThan(oldest) ? member : oldest);
        var guardian = system.Settings.Config.GetString("akka.cluster.sharding.guardian-name", "sharding");
        return new ShardMap(await Task.WhenAll(members.Select(AskOneAsync)).ConfigureAwait(false));

        async Task<RegionStats> AskOneAsync(Member member)
        {
            var stats = new RegionStats(member.Address.ToString(), NodeLocation.FromRoles(member.Roles), member.Status, !state.Unreachable.Contains(member), member.Equals(oldest), member.AppVersion.Version);
            try
            {
                var region = system.ActorSelection($"{member.Address}/system/{guardian}/{Uri.EscapeDataString(type.Name)}");
                var answer = await region.Ask<ShardRegionStats>(GetShardRegionStats.Instance, timeout, cancellationToken).ConfigureAwait(false);
                return stats with { Shards = answer.Stats, Failed = answer.Failed };
            }
            catch (AskTimeoutException)
            {
                return stats;
            }
            catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return stats;
            }
        }
    }

    /// <param name="Node">The node's address.</param>
    /// <param name="Location">Where it is.</param>
    /// <param name="Status">Its member's status.</param>
    /// <param name="IsReachable">Whether it is reachable.</param>
    /// <param name="IsOldest">Whether the type's coordinator is there, or will be.</param>
    /// <param name="AppVersion">The version of its app.</param>
    internal sealed record RegionStats(string Node, NodeLocation Location, MemberStatus Status, bool IsReachable, bool IsOldest, string AppVersion)
    {
        /// <summary>How many servers each of its shards runs; null: it did not answer.</summary>
        public IReadOnlyDictionary<string, int>? Shards { get; init; }

        /// <summary>Shards that did not tell.</summary>
        public IReadOnlyCollection<string> Failed { get; init; } = [];
    }
}
