using System.Runtime.CompilerServices;

namespace AkkaDurable.Management.Internal.Palettes;

/// <summary>Groups and lifecycle events.</summary>
internal static class GroupsPalette
{
    private static readonly CommandArgument s_group = new("group", "The group; a name that ends in / stands for all that begin so.", "-g", "--group") { IsPositional = true };
    private static readonly CommandArgument s_cluster = new("cluster", "The named cluster. Left out: that of all nodes.", "-c", "--cluster");

    public static CommandPalette Create() => new(
        "groups",
        "Groups of actors and servers, on all nodes.",
        new CommandDefinition("list", "Lists the groups that have members.", List) { Arguments = [s_cluster], Examples = [""] },
        new CommandDefinition("members", "Lists the members of a group.", Members) { Arguments = [s_group with { IsMandatory = true }, s_cluster], Examples = ["room/42", "room/"] },
        new CommandDefinition("tail", "Follows members as they join and leave: of a group, or of all.", Tail) { Arguments = [s_group, s_cluster], Follows = true, Examples = ["", "room/42"] });

    public static CommandOutput.Row Shown(CommandContext context, LifecycleEvent change) => CommandOutput.RowOf(
        "event",
        ("at", context.Time.GetUtcNow()),
        ("what", change.Kind),
        ("type", change.ServerType ?? change.Member?.ServerType),
        ("key", change.Key ?? change.Member?.ServerKey),
        ("group", change.Member?.Group),
        ("member", change.Member?.Id),
        ("node", change.Node),
        ("reason", change.Reason),
        ("meta", change.Meta));

    private static async IAsyncEnumerable<CommandOutput> List(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The first batch says what there is.
        await foreach (var batch in DurableServers.Get(context.System).Events.WatchAsync(FilterOf(context, null), cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            foreach (var group in batch.Events.Select(change => change.Member).OfType<GroupMember>().GroupBy(member => member.Group, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
            {
                yield return CommandOutput.RowOf("group", ("group", group.Key), ("members", group.Count()), ("nodes", group.Select(member => member.Node).Distinct().Count()));
            }

            yield break;
        }
    }

    private static async IAsyncEnumerable<CommandOutput> Members(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<GroupMember> members;
        try
        {
            members = await DurableServers.Get(context.System).Groups.MembersAsync(context.Arguments.Text("group"), context.Arguments.TextOrNull("cluster"), cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidGroupException exception)
        {
            throw new CommandException(CommandErrorKind.InvalidValue, exception.Message, exception);
        }

        foreach (var member in members)
        {
            yield return CommandOutput.RowOf(
                "member", ("group", member.Group), ("member", member.Id), ("node", member.Node), ("actor", member.Actor?.Path.ToString()), ("type", member.ServerType), ("key", member.ServerKey), ("meta", member.Meta));
        }
    }

    private static async IAsyncEnumerable<CommandOutput> Tail(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = FilterOf(context, context.Arguments.TextOrNull("group"));
        await foreach (var batch in DurableServers.Get(context.System).Events.WatchAsync(filter, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (batch.Missed)
            {
                yield return new CommandOutput.Partial("events were missed; what follows is what there is now");
            }

            foreach (var change in batch.Events)
            {
                yield return Shown(context, change);
            }
        }
    }

    private static LifecycleFilter FilterOf(CommandContext context, string? group)
    {
        try
        {
            var cluster = context.Arguments.TextOrNull("cluster");
            return group is null ? LifecycleFilter.AllGroups(cluster) : LifecycleFilter.Group(group, cluster);
        }
        catch (InvalidGroupException exception)
        {
            throw new CommandException(CommandErrorKind.InvalidValue, exception.Message, exception);
        }
    }
}
