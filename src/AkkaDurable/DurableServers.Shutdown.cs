using Akka;
using Akka.Actor;
using Akka.Cluster;
using AkkaDurable.Internal.Runtime;
using Microsoft.Extensions.Logging;

namespace AkkaDurable;

// How the servers of this node end when the node does: our tasks in Akka's coordinated shutdown.
public sealed partial class DurableServers
{
    private const int MaxKeysLogged = 100;

    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(25);

    // Akka's region gives up a second before its phase does, to say why. We are done in between.
    private static readonly TimeSpan s_phaseReserve = TimeSpan.FromMilliseconds(500);

    /// <summary>Ends when this node has stopped its servers, in the course of Akka's coordinated shutdown; never before. It tells what could not be saved, so that a program can end with an exit code other than 0.</summary>
    /// <value>Get it, or this object, while the actor system runs; it may be awaited after that has ended. A node that is not stopped in order has its report too, when its actor system has terminated.</value>
    public Task<ShutdownReport> Shutdown => _node.Stop.Report;

    private void AddShutdownTasks()
    {
        var shutdown = CoordinatedShutdown.Get(_system);
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "akka-durable-drain", BeginShutdown);
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterShardingShutdownRegion, "akka-durable-servers", () => StopServers(shutdown.Timeout(CoordinatedShutdown.PhaseClusterShardingShutdownRegion)));
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterLeave, "akka-durable-report", () =>
        {
            ReportShutdown();
            return Task.FromResult(Done.Instance);
        });
    }

    // From now on nothing new comes here, and what is here begins to leave.
    private async Task<Done> BeginShutdown()
    {
        _node.Stop.Begin();
        if (_node.Placement is { } placement)
        {
            await placement.DrainAsync(Cluster.Get(_system).SelfAddress.ToString()).ConfigureAwait(false);
        }

        return Done.Instance;
    }

    // Akka asks the regions to stop in the same phase: they have all servers stop at once, and end when the last shard is gone and no message waits in them.
    private async Task<Done> StopServers(TimeSpan phase)
    {
        await BeginShutdown().ConfigureAwait(false);
        var began = _node.Time.GetTimestamp();
        while (_node.Time.GetElapsedTime(began) < phase - s_phaseReserve)
        {
            if (_node.Stop.IsEmpty)
            {
                var open = _node.Types.Where(type => type.Shortcuts is not null && Peers.RouteOf(type.Name) is { IsEnded: false }).ToList();
                if (open.Count == 0)
                {
                    break;
                }

                // Without another node messages wait for nobody.
                foreach (var type in open.Where(type => !AnotherNodeTakes(type)))
                {
                    _system.Stop(Peers.RouteOf(type.Name)!.Region);
                }
            }

            await Task.Delay(s_lookEvery, _node.Time).ConfigureAwait(false);
        }

        return Done.Instance;
    }

    // When all nodes are told to stop at the same time, none takes what the others give away.
    private bool AnotherNodeTakes(ServerType type)
    {
        var cluster = Cluster.Get(_system);
        var draining = _node.Placement!.Nodes.Where(node => node.IsDraining).Select(node => node.Node).ToHashSet(StringComparer.Ordinal);
        return cluster.State.Members.Any(member =>
            !member.UniqueAddress.Equals(cluster.SelfUniqueAddress)
            && member.Status is MemberStatus.Joining or MemberStatus.WeaklyUp or MemberStatus.Up
            && (type.Options.Role is null || member.HasRole(type.Options.Role))
            && !draining.Contains(member.Address.ToString()));
    }

    private void ReportShutdown()
    {
        if (_node.Stop.Close() is not { } report)
        {
            return;
        }

        var log = _node.Loggers.CreateLogger("AkkaDurable.Shutdown");
        if (report.IsComplete)
        {
            LogStopped(log, report.Stopped, report.Saved, report.Duration, report.Budget);
        }
        else
        {
            var named = string.Join(", ", report.NotSaved.Take(MaxKeysLogged).Select(server => $"{server.ServerType}/{server.Key} ({server.Reason})"));
            LogNotSaved(log, report.NotSaved.Count, report.Stopped, report.Duration, report.Budget, report.NotSaved.Count > MaxKeysLogged ? $"{named} and {report.NotSaved.Count - MaxKeysLogged} more" : named);
        }
    }

    [LoggerMessage(1201, LogLevel.Information, "The node stops: {Stopped} servers have ended, {Saved} of them stored their last state, in {Duration} of {Budget}.")]
    private static partial void LogStopped(ILogger logger, int stopped, int saved, TimeSpan duration, TimeSpan budget);

    [LoggerMessage(1202, LogLevel.Error, "The node stops: the last state of {Count} of {Stopped} servers could not be stored in {Duration} of {Budget}: {Keys}")]
    private static partial void LogNotSaved(ILogger logger, int count, int stopped, TimeSpan duration, TimeSpan budget, string keys);
}
