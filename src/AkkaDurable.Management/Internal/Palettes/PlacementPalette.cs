using System.Runtime.CompilerServices;
using AkkaDurable.Placement;

namespace AkkaDurable.Management.Internal.Palettes;

/// <summary>Which node runs what, and why.</summary>
internal static class PlacementPalette
{
    private static readonly TimeSpan s_drainLook = TimeSpan.FromSeconds(1);

    public static CommandPalette Create() => new(
        "placement",
        "Which node runs what, and why.",
        new CommandDefinition("show", "Shows the nodes as placement sees them: place, load, limits, drains and cordons.", Show) { Examples = [""] },
        new CommandDefinition("explain", "Says where a key's shard is, would go or waits for, and why.", Explain) { Arguments = [Common.Type, Common.Key], Examples = ["-t counter user-1"] },
        new CommandDefinition("drain", "Has a node give all its shards away and take none; shows how many it still has until it is empty.", Drain)
        {
            Arguments =
            [
                Common.Node,
                new("no-wait", "Ends as soon as the drain has begun.", "-no-wait", "--no-wait") { Type = CommandValueType.Flag },
                new("timeout", "How long to watch; the drain goes on after that.", "--timeout") { Type = CommandValueType.Duration, Defaults = ["5m"] },
            ],
            Effect = CommandEffect.Changes,
            Examples = ["10.0.0.7:8110", "10.0.0.7:8110 -no-wait"],
        },
        Mark("undrain", "Ends a drain: the node takes shards again.", static (control, node, token) => control.UndrainAsync(node, token)),
        Mark("cordon-node", "Has a node take no further shards. It keeps what it has.", static (control, node, token) => control.CordonAsync(node, token)),
        Mark("uncordon-node", "Ends a node's cordon: it takes shards again.", static (control, node, token) => control.UncordonAsync(node, token)),
        new CommandDefinition("history", "Shows where shards were, the newest place first: all of a type, or that of a key.", History)
        {
            Arguments = [Common.Type, Common.Key with { IsMandatory = false, Description = "Only the shard of this key." }], Examples = ["-t counter", "-t counter user-1"],
        });

    private static CommandDefinition Mark(string name, string description, Func<IPlacementControl, string, CancellationToken, Task<PlacementCommandResult>> mark) => new(name, description, Run(mark))
    {
        Arguments = [Common.Node], Effect = CommandEffect.Changes, Examples = ["10.0.0.7:8110"],
    };

    private static CommandHandler Run(Func<IPlacementControl, string, CancellationToken, Task<PlacementCommandResult>> mark)
    {
        return Handle;

        async IAsyncEnumerable<CommandOutput> Handle(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var result = await mark(PlacementControl.Get(context.System), Common.MemberOf(context).Address.ToString(), cancellationToken).ConfigureAwait(false);
            Common.Check(result);
            yield return CommandOutput.RowOf("outcome", ("node", result.Node), ("outcome", result.Outcome), ("text", result.Text));
        }
    }

    private static async IAsyncEnumerable<CommandOutput> Show(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var node in PlacementControl.Get(context.System).Nodes)
        {
            var report = node.Report;
            yield return CommandOutput.RowOf(
                "node",
                ("node", node.Node),
                ("region", node.Location.Region),
                ("zone", node.Location.Zone),
                ("machine", node.Location.Machine),
                ("status", node.Status),
                ("reachable", node.IsReachable),
                ("draining", node.IsDraining),
                ("cordoned", node.IsCordoned),
                ("version", node.AppVersion),
                ("servers", report?.Servers),
                ("maxServers", report?.Limits.MaxServers),
                ("cpuPercent", Share(report?.CpuPercent)),
                ("maxCpuPercent", report?.Limits.MaxCpuPercent),
                ("memoryPercent", Share(report?.MemoryPercent)),
                ("maxMemoryPercent", report?.Limits.MaxMemoryPercent),
                ("reportAge", node.ReportAge is { } age ? TimeSpan.FromMilliseconds(Math.Round(age.TotalMilliseconds)) : null));
            if (!node.IsReachable || report is null)
            {
                yield return new CommandOutput.Partial($"{node.Node} {(node.IsReachable ? "has not reported lately" : "is unreachable")}: its load is not known", node.Node);
            }
        }
    }

    private static async IAsyncEnumerable<CommandOutput> Explain(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var server = Common.ServerOf(context);
        var decision = await server.ExplainPlacementAsync(cancellationToken).ConfigureAwait(false)
            ?? throw new CommandException(CommandErrorKind.Unavailable, $"no coordinator of {server.ServerType} answered within five seconds; it may be failing over");
        yield return CommandOutput.RowOf(
            "decision",
            ("key", server.Key),
            ("shard", decision.Shard),
            ("home", server.HomeRegion),
            ("outcome", decision.Outcome),
            ("reason", decision.Reason),
            ("text", decision.Text),
            ("node", decision.Node),
            ("region", decision.Location?.Region),
            ("level", decision.Level),
            ("opensAt", decision.OpensAt),
            ("remainingHold", decision.RemainingHold));
    }

    private static async IAsyncEnumerable<CommandOutput> Drain(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var control = PlacementControl.Get(context.System);
        var node = Common.MemberOf(context).Address.ToString();
        var result = await control.DrainAsync(node, cancellationToken).ConfigureAwait(false);
        Common.Check(result);
        yield return CommandOutput.RowOf("outcome", ("node", node), ("outcome", result.Outcome), ("text", result.Text));
        if (context.Arguments.Flag("no-wait"))
        {
            yield break;
        }

        var types = DurableServers.Get(context.System).Types.Select(type => type.Name).ToArray();
        var since = context.Time.GetTimestamp();
        var most = 0;
        while (true)
        {
            var left = control.ShardsLeftOn(node);
            var sum = left.Values.Sum();
            if (types.All(left.ContainsKey) && sum == 0)
            {
                yield return new CommandOutput.Line($"{node} has no shards any more");
                yield break;
            }

            if (context.Time.GetElapsedTime(since) > context.Arguments.Duration("timeout"))
            {
                throw new CommandException(CommandErrorKind.Unavailable, $"{node} still has {sum} shards; it goes on draining");
            }

            most = Math.Max(most, sum);
            yield return new CommandOutput.Progress(left.Count == 0 ? $"{node}: waiting for the coordinators" : $"{node} still has {sum} shards", most == 0 ? null : 1 - ((double)sum / most));
            await Task.Delay(s_drainLook, context.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async IAsyncEnumerable<CommandOutput> History(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var type = Common.TypeOf(context);
        var shard = context.Arguments.TextOrNull("key") is { } key ? type[key].Shard : null;
        foreach (var record in (await type.PlacementHistoryAsync(cancellationToken).ConfigureAwait(false)).OrderBy(record => record.Shard, ShardOrder.Instance))
        {
            foreach (var place in record.Entries.Where(_ => shard is null || record.Shard == shard))
            {
                yield return CommandOutput.RowOf(
                    "place", ("shard", record.Shard), ("home", record.HomeRegion), ("node", place.Node), ("region", place.Location.Region), ("since", place.Since), ("until", place.LostAt), ("reason", place.Reason));
            }
        }
    }

    private static double? Share(double? percent) => percent is { } value ? Math.Round(value, 1) : null;
}
