using System.Collections.Concurrent;
using Akka.Util;
using AkkaDurable.Placement;
using Microsoft.Extensions.Logging;

namespace AkkaDurable.Internal.Runtime;

/// <summary>Moves shards from this node to nodes with a newer version of the app, since one of their records can be read only there. Safe for concurrent use.</summary>
internal sealed partial class ShardUpgrades(ServerType type)
{
    // A shard that could not be moved just now is not tried again by each message.
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Lazy<Task<bool>>> _moves = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _failures = new(StringComparer.Ordinal);

    /// <summary>Begins to move a shard, or joins in the move under way.</summary>
    /// <returns>Whether it was moved. Null: there is no node with a newer version to which it could go, or it could not be moved a moment ago.</returns>
    public Task<bool>? TryMove(string shard)
    {
        if (type.Node.Placement is not { } placement || Target(placement) is not { } target || HasFailedLately(shard))
        {
            return null;
        }

        return _moves.GetOrAdd(shard, name => new Lazy<Task<bool>>(() => MoveAsync(placement, name, target))).Value;
    }

    // The newest version, in this region if there are some.
    private string? Target(IPlacementControl placement)
    {
        var nodes = placement.Nodes;
        if (nodes.FirstOrDefault(node => node.Node == type.Node.Address) is not { } own)
        {
            return null;
        }

        var version = AppVersion.Create(own.AppVersion);
        return nodes
            .Where(node => node is { Status: "Up", IsReachable: true, IsDraining: false, IsCordoned: false } && AppVersion.Create(node.AppVersion).CompareTo(version) > 0)
            .OrderByDescending(node => AppVersion.Create(node.AppVersion))
            .ThenByDescending(node => node.Location.Region == own.Location.Region)
            .Select(node => node.Node)
            .FirstOrDefault();
    }

    private bool HasFailedLately(string shard) => _failures.TryGetValue(shard, out var at) && type.Node.Time.GetElapsedTime(at) < s_pause;

    private async Task<bool> MoveAsync(IPlacementControl placement, string shard, string target)
    {
        try
        {
            var result = await placement.RehomeAsync(type.Name, shard, target).ConfigureAwait(false);
            if (result.IsDone)
            {
                _failures.TryRemove(shard, out _);
                return true;
            }

            _failures[shard] = type.Node.Time.GetTimestamp();
            return false;
        }
        catch (Exception exception)
        {
            // Whatever it is, the callers are told of the record's version.
            LogMoveFailed(type.Log, type.Name, shard, target, exception);
            _failures[shard] = type.Node.Time.GetTimestamp();
            return false;
        }
        finally
        {
            _moves.TryRemove(shard, out _);
        }
    }

    [LoggerMessage(1025, LogLevel.Warning, "{ServerType}: shard {Shard}, of which newer code has saved a record, could not be moved to {Target}")]
    private static partial void LogMoveFailed(ILogger logger, string serverType, string shard, string target, Exception exception);
}
