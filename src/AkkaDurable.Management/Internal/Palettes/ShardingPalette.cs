using System.Runtime.CompilerServices;
using AkkaDurable.Placement;

namespace AkkaDurable.Management.Internal.Palettes;

/// <summary>Shards, and which nodes run them.</summary>
internal static class ShardingPalette
{
    private static readonly TimeSpan s_tailEvery = TimeSpan.FromSeconds(1);
    private static readonly CommandArgument s_shard = new("shard", "The shard's name, such as eu-west~7 or 7.", "-s", "--shard") { IsMandatory = true, IsPositional = true };

    public static CommandPalette Create() => new(
        "cluster-sharding",
        "Shards, and which nodes run them.",
        new CommandDefinition("list-types", "Lists the server types that this node knows.", ListTypes) { Examples = [""] },
        new CommandDefinition("regions", "Lists the nodes that run a type's shards; the oldest has the coordinator.", Regions) { Arguments = [Common.Type, Common.Timeout], Examples = ["-t counter"] },
        new CommandDefinition("region-stats", "Counts shards and servers of each node.", RegionStats) { Arguments = [Common.OptionalType, Common.Timeout], Examples = ["", "-t counter"] },
        new CommandDefinition("shards", "Lists a type's shards: where each is, where its home is.", Shards)
        {
            Arguments = [Common.Type, new("away", "Only those that are away from their home region.", "-away", "--away") { Type = CommandValueType.Flag }, Common.Timeout],
            Examples = ["-t counter", "-t counter -away"],
        },
        new CommandDefinition("locate", "Says in which shard a key is, and on which node that is.", Locate) { Arguments = [Common.Type, Common.Key, Common.Timeout], Examples = ["-t counter user-1"] },
        new CommandDefinition("move", "Moves a shard, with all its servers.", Move)
        {
            Arguments = [Common.Type, s_shard, new("to", "The node that is to run it: its address, or HOST:PORT of it. Left out: the best other one.", "-to", "--to")],
            Effect = CommandEffect.Changes,
            Examples = ["-t counter eu-west~7", "-t counter -s 7 -to 10.0.0.7:8110"],
        },
        new CommandDefinition("rebalance", "Brings shards home that are away, then levels the nodes of each region, a bounded number of moves at a time.", Rebalance)
        {
            Arguments =
            [
                Common.Type,
                new("most", "The most moves.", "-most", "--most") { Type = CommandValueType.Integer, Minimum = 1, Maximum = 1_000, Defaults = ["10"] },
                Common.Timeout,
            ],
            Effect = CommandEffect.Changes,
            Examples = ["-t counter", "-t counter -most 50"],
        },
        new CommandDefinition("tail", "Follows a type's shards as they come, go and move.", Tail) { Arguments = [Common.Type, Common.Timeout], Follows = true, Examples = ["-t counter"] });

    private static async IAsyncEnumerable<CommandOutput> ListTypes(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var type in DurableServers.Get(context.System).Types)
        {
            yield return CommandOutput.RowOf("type", ("type", type.Name), ("shardCount", type.ShardCount), ("role", type.Role), ("jsonCalls", type.AllowsJsonCalls));
        }
    }

    private static async IAsyncEnumerable<CommandOutput> Regions(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var map = await ShardMap.AskAsync(context.System, Common.TypeOf(context), Common.TimeoutOf(context), cancellationToken).ConfigureAwait(false);
        foreach (var region in map.Regions)
        {
            yield return CommandOutput.RowOf("region", ("node", region.Node), ("region", region.Location.Region), ("status", region.Status), ("reachable", region.IsReachable), ("answers", region.Shards is not null), ("coordinator", region.IsOldest));
        }

        foreach (var missing in map.Missing)
        {
            yield return missing;
        }
    }

    private static async IAsyncEnumerable<CommandOutput> RegionStats(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var type in Common.TypesOf(context).ToArray())
        {
            var map = await ShardMap.AskAsync(context.System, type, Common.TimeoutOf(context), cancellationToken).ConfigureAwait(false);
            foreach (var region in map.Regions)
            {
                yield return CommandOutput.RowOf(
                    "region-stats",
                    ("node", region.Node),
                    ("type", type.Name),
                    ("region", region.Location.Region),
                    ("status", region.Status),
                    ("reachable", region.IsReachable),
                    ("version", region.AppVersion),
                    ("coordinator", region.IsOldest),
                    ("shards", region.Shards?.Count),
                    ("servers", region.Shards?.Values.Sum()));
            }

            foreach (var missing in map.Missing)
            {
                yield return missing;
            }
        }
    }

    private static async IAsyncEnumerable<CommandOutput> Shards(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var type = Common.TypeOf(context);
        var control = PlacementControl.Get(context.System);
        var map = await ShardMap.AskAsync(context.System, type, Common.TimeoutOf(context), cancellationToken).ConfigureAwait(false);
        foreach (var (shard, servers, region) in map.Shards.OrderBy(shard => shard.Shard, ShardOrder.Instance))
        {
            var home = ShardName.HomeRegionOf(shard);
            var isAway = home is not null && home != region.Location.Region;
            if (isAway || !context.Arguments.Flag("away"))
            {
                yield return CommandOutput.RowOf("shard", ("shard", shard), ("node", region.Node), ("region", region.Location.Region), ("home", home), ("away", isAway), ("servers", servers), ("held", control.HoldOf(type.Name, shard)?.Text));
            }
        }

        foreach (var missing in map.Missing)
        {
            yield return missing;
        }
    }

    private static async IAsyncEnumerable<CommandOutput> Locate(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var type = Common.TypeOf(context);
        var server = type[context.Arguments.Text("key")];
        var map = await ShardMap.AskAsync(context.System, type, Common.TimeoutOf(context), cancellationToken).ConfigureAwait(false);
        var region = map.Shards.FirstOrDefault(shard => shard.Shard == server.Shard).Region;
        yield return CommandOutput.RowOf(
            "location", ("key", server.Key), ("shard", server.Shard), ("home", server.HomeRegion), ("node", region?.Node), ("region", region?.Location.Region), ("held", PlacementControl.Get(context.System).HoldOf(type.Name, server.Shard)?.Text));
        if (region is null)
        {
            foreach (var missing in map.Missing)
            {
                yield return missing;
            }
        }
    }

    private static async IAsyncEnumerable<CommandOutput> Move(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var type = Common.TypeOf(context);
        var shard = context.Arguments.Text("shard");
        if (!ShardName.TryParse(shard, out _))
        {
            throw new CommandException(CommandErrorKind.InvalidValue, $"{CommandException.Show(shard)} is no shard; it is a number, with REGION~ before it where servers have home regions");
        }

        var target = context.Arguments.TextOrNull("to") is null ? null : Common.MemberOf(context, "to").Address.ToString();
        yield return new CommandOutput.Progress($"moving {type.Name} {shard}");
        var result = await PlacementControl.Get(context.System).RehomeAsync(type.Name, shard, target, cancellationToken).ConfigureAwait(false);
        Common.Check(result);
        yield return CommandOutput.RowOf("move", ("shard", shard), ("node", result.Node), ("outcome", result.Outcome), ("text", result.Text));
    }

    private static async IAsyncEnumerable<CommandOutput> Rebalance(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var type = Common.TypeOf(context);
        var control = PlacementControl.Get(context.System);
        var map = await ShardMap.AskAsync(context.System, type, Common.TimeoutOf(context), cancellationToken).ConfigureAwait(false);
        foreach (var missing in map.Missing)
        {
            yield return missing;
        }

        var takers = control.Nodes.Where(node => node is { IsReachable: true, IsDraining: false, IsCordoned: false, Status: "Up" }).Select(node => node.Node).ToHashSet(StringComparer.Ordinal);
        var moves = RebalancePlan.Of(
            [.. map.Regions.Where(region => region.Shards is not null && takers.Contains(region.Node)).Select(region => (region.Node, region.Location.Region))],
            map.Shards.Select(shard => (shard.Shard, shard.Region.Node, shard.Region.Location.Region)),
            (int)context.Arguments.Integer("most")!.Value);
        for (var i = 0; i < moves.Count; i++)
        {
            yield return new CommandOutput.Progress($"moving {moves[i].Shard} to {moves[i].To}: {moves[i].Why}", (double)i / moves.Count);
            var result = await control.RehomeAsync(type.Name, moves[i].Shard, moves[i].To, cancellationToken).ConfigureAwait(false);
            yield return CommandOutput.RowOf("move", ("shard", moves[i].Shard), ("from", moves[i].From), ("to", moves[i].To), ("node", result.Node), ("outcome", result.Outcome), ("text", result.Text));
        }

        if (moves.Count == 0)
        {
            yield return new CommandOutput.Line("nothing is to be moved");
        }
    }

    private static async IAsyncEnumerable<CommandOutput> Tail(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var type = Common.TypeOf(context);
        var timeout = Common.TimeoutOf(context);
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        var silent = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var map = await ShardMap.AskAsync(context.System, type, timeout, cancellationToken).ConfigureAwait(false);
            foreach (var (shard, _, region) in map.Shards.OrderBy(shard => shard.Shard, ShardOrder.Instance))
            {
                var was = known.GetValueOrDefault(shard);
                if (was != region.Node)
                {
                    known[shard] = region.Node;
                    yield return Event(was is null ? "Here" : "Moved", shard, was, region.Node);
                }
            }

            var answered = map.Regions.Where(region => region.Shards is not null).Select(region => region.Node).ToHashSet(StringComparer.Ordinal);
            var members = map.Regions.Select(region => region.Node).ToHashSet(StringComparer.Ordinal);
            var running = map.Shards.Select(shard => shard.Shard).ToHashSet(StringComparer.Ordinal);
            foreach (var (shard, node) in known.Where(entry => !running.Contains(entry.Key) && (answered.Contains(entry.Value) || !members.Contains(entry.Value))).ToArray())
            {
                known.Remove(shard);
                yield return Event("Gone", shard, node, null);
            }

            foreach (var missing in map.Missing.OfType<CommandOutput.Partial>().Where(missing => silent.Add(missing.Node!)))
            {
                yield return missing;
            }

            silent.ExceptWith(answered);
            await Task.Delay(s_tailEvery, context.Time, cancellationToken).ConfigureAwait(false);
        }

        CommandOutput Event(string what, string shard, string? from, string? to) =>
            CommandOutput.RowOf("event", ("at", context.Time.GetUtcNow()), ("what", what), ("shard", shard), ("from", from), ("to", to));
    }
}
