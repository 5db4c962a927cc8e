using System.Runtime.CompilerServices;
using Akka.Cluster;
using AkkaDurable.Placement;

namespace AkkaDurable.Management.Internal.Palettes;

/// <summary>The members of the cluster.</summary>
internal static class ClusterPalette
{
    private static readonly CommandArgument s_node = Common.Node with { IsMandatory = false, Description = "The node: its address, or HOST:PORT of it. Left out: the node that runs the command." };

    public static CommandPalette Create() => new(
        "cluster",
        "The members of the cluster.",
        new CommandDefinition("show", "Shows the members: where they are, their status, load and limits.", Show) { Examples = [""] },
        new CommandDefinition("leave", "Has a node leave in order: it saves and hands over its servers, then ends.", Leave)
        {
            Arguments = [s_node], Effect = CommandEffect.Destroys, Examples = ["", "-n 10.0.0.7:8110"],
        },
        new CommandDefinition("down", "Puts a node out that is lost. A node that lives on elsewhere in a cut network must not be put out by hand.", Down)
        {
            Arguments = [Common.Node], Effect = CommandEffect.Destroys, Examples = ["10.0.0.7:8110"],
        },
        new CommandDefinition("down-unreachable", "Puts all nodes out that are unreachable for this one. Only after a look at the other side: it must not live on.", DownUnreachable)
        {
            Effect = CommandEffect.Destroys, Examples = [""],
        },
        new CommandDefinition("tail", "Follows members as they join, leave, become unreachable or reachable.", Tail) { Follows = true, Examples = [""] });

    private static async IAsyncEnumerable<CommandOutput> Show(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        var cluster = Cluster.Get(context.System);
        var state = cluster.State;
        var nodes = PlacementControl.Get(context.System).Nodes.ToDictionary(node => node.Node, StringComparer.Ordinal);
        foreach (var member in state.Members.OrderBy(member => member.Address.ToString(), StringComparer.Ordinal))
        {
            var known = nodes.GetValueOrDefault(member.Address.ToString());
            var location = NodeLocation.FromRoles(member.Roles);
            yield return CommandOutput.RowOf(
                "member",
                ("node", member.Address.ToString()),
                ("status", member.Status),
                ("reachable", !state.Unreachable.Contains(member)),
                ("region", location.Region),
                ("zone", location.Zone),
                ("roles", member.Roles.Order(StringComparer.Ordinal).ToArray()),
                ("version", member.AppVersion.Version),
                ("leader", member.Address.Equals(state.Leader)),
                ("self", member.Address.Equals(cluster.SelfAddress)),
                ("draining", known?.IsDraining ?? false),
                ("cordoned", known?.IsCordoned ?? false),
                ("servers", known?.Report?.Servers),
                ("maxServers", known?.Report?.Limits.MaxServers),
                ("cpuPercent", Round(known?.Report?.CpuPercent)),
                ("memoryPercent", Round(known?.Report?.MemoryPercent)),
                ("diskPercent", Round(known?.Report?.DiskPercent)));
        }

        foreach (var member in state.Unreachable)
        {
            yield return new CommandOutput.Partial($"{member.Address} is unreachable from {cluster.SelfAddress}: what is shown of it is what was known last", member.Address.ToString());
        }
    }

    private static async IAsyncEnumerable<CommandOutput> Leave(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        var cluster = Cluster.Get(context.System);
        var address = context.Arguments.TextOrNull("node") is { } node ? Common.MemberOf(cluster, node).Address : cluster.SelfAddress;
        cluster.Leave(address);
        yield return new CommandOutput.Line($"{address} was told to leave; follow it with: cluster tail");
    }

    private static async IAsyncEnumerable<CommandOutput> Down(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        var member = Common.MemberOf(context);
        Cluster.Get(context.System).Down(member.Address);
        yield return new CommandOutput.Line($"{member.Address} was put out");
    }

    private static async IAsyncEnumerable<CommandOutput> DownUnreachable(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        var cluster = Cluster.Get(context.System);
        var unreachable = cluster.State.Unreachable;
        foreach (var member in unreachable)
        {
            cluster.Down(member.Address);
            yield return new CommandOutput.Line($"{member.Address} was put out");
        }

        if (unreachable.IsEmpty)
        {
            yield return new CommandOutput.Line("no member is unreachable");
        }
    }

    private static async IAsyncEnumerable<CommandOutput> Tail(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cluster = Cluster.Get(context.System);
        var events = EventTap.ReadAsync(
            context.System,
            actor => cluster.Subscribe(actor, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.ReachabilityEvent), typeof(ClusterEvent.LeaderChanged)),
            cluster.Unsubscribe,
            cancellationToken);
        await foreach (var item in events.ConfigureAwait(false))
        {
            if (item is EventTap.Lost lost)
            {
                yield return lost.Told;
            }

            var (what, node) = item switch
            {
                ClusterEvent.UnreachableMember unreachable => ("Unreachable", unreachable.Member.Address),
                ClusterEvent.ReachableMember reachable => ("Reachable", reachable.Member.Address),
                ClusterEvent.LeaderChanged leader => ("Leader", leader.Leader),
                ClusterEvent.IMemberEvent change => (change.Member.Status.ToString(), change.Member.Address),
                _ => ("", null),
            };
            if (node is not null)
            {
                yield return CommandOutput.RowOf("event", ("at", context.Time.GetUtcNow()), ("what", what), ("node", node.ToString()));
            }
        }
    }

    private static double? Round(double? percent) => percent is { } value ? Math.Round(value, 1) : null;
}
