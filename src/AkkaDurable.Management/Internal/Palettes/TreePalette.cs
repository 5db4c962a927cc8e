using System.Runtime.CompilerServices;
using AkkaDurable.Supervision;

namespace AkkaDurable.Management.Internal.Palettes;

/// <summary>Supervision trees: of this node, another, or all.</summary>
internal static class TreePalette
{
    private static readonly CommandArgument s_path = new("path", "The child: the ids from the root down to it, with / between them.", "-p", "--path") { IsMandatory = true, IsPositional = true };

    /// <summary>The verbs, about this node.</summary>
    public static CommandPalette Local { get; } = new(
        "tree",
        "Supervision trees.",
        new CommandDefinition("show", "Shows the trees: each child with its status and restarts.", Show)
        {
            Arguments = [new("tree", "Only the tree whose root has this id.", "-t", "--tree") { IsPositional = true }], Examples = ["", "shop"],
        },
        new CommandDefinition("restart", "Stops a child and starts it again, by its supervisor, without counting as a failure.", Restart) { Arguments = [s_path], Effect = CommandEffect.Changes, Examples = ["shop/checkout/gateway"] },
        new CommandDefinition("stop", "Stops a child; its spec is kept, unless it is temporary.", Stop) { Arguments = [s_path], Effect = CommandEffect.Changes, Examples = ["shop/checkout/gateway"] },
        new CommandDefinition("start", "Starts a child that was stopped.", Start) { Arguments = [s_path], Effect = CommandEffect.Changes, Examples = ["shop/checkout/gateway"] });

    public static CommandPalette Create() => NodeVerbs.AboutAnyNode(Local, "show");

    private static async IAsyncEnumerable<CommandOutput> Show(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var only = context.Arguments.TextOrNull("tree");
        var trees = SupervisionTree.All(context.System).Where(tree => only is null || tree.Spec.Id == only).ToArray();
        if (only is not null && trees.Length == 0)
        {
            throw NoTree(context, only);
        }

        foreach (var tree in trees)
        {
            TreeNode root;
            try
            {
                root = await tree.SnapshotAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (SupervisorRequestException)
            {
                // It has ended since it was listed.
                continue;
            }

            foreach (var row in Rows(root, "", 0))
            {
                yield return row;
            }
        }
    }

    private static IEnumerable<CommandOutput.Row> Rows(TreeNode node, string above, int depth)
    {
        var child = node.Child;
        var path = above.Length == 0 ? child.Id : $"{above}/{child.Id}";
        var row = CommandOutput.RowOf(
            "child",
            ("id", child.Id),
            ("path", path),
            ("type", child.Type),
            ("status", child.Status),
            ("restarts", child.Restarts),
            ("restart", child.Spec.Restart),
            ("strategy", (child.Spec as SupervisorSpec)?.Strategy),
            ("children", node.Counts.Specs),
            ("active", node.Counts.Active));
        return node.Children.SelectMany(below => Rows(below, path, depth + 1)).Prepend(row with { Depth = depth });
    }

    private static async IAsyncEnumerable<CommandOutput> Restart(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (supervisor, id) = Find(context);
        Check(context, await supervisor.TerminateChildAsync(id, cancellationToken).ConfigureAwait(false));
        Check(context, await supervisor.RestartChildAsync(id, cancellationToken).ConfigureAwait(false));
        yield return Done(context, "Restarted");
    }

    private static async IAsyncEnumerable<CommandOutput> Stop(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (supervisor, id) = Find(context);
        Check(context, await supervisor.TerminateChildAsync(id, cancellationToken).ConfigureAwait(false));
        yield return Done(context, "Stopped");
    }

    private static async IAsyncEnumerable<CommandOutput> Start(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (supervisor, id) = Find(context);
        Check(context, await supervisor.RestartChildAsync(id, cancellationToken).ConfigureAwait(false));
        yield return Done(context, "Started");
    }

    private static (SupervisorRef Supervisor, string Id) Find(CommandContext context)
    {
        var path = context.Arguments.Text("path").Split('/');
        if (path.Length < 2 || path.Any(id => id.Length == 0))
        {
            throw new CommandException(CommandErrorKind.InvalidValue, $"{CommandException.Show(context.Arguments.Text("path"))} is no child: a path is ROOT/CHILD or longer");
        }

        var tree = SupervisionTree.Find(context.System, path[0]) ?? throw NoTree(context, path[0]);
        return (tree.Supervisor(path[1..^1]), path[^1]);
    }

    private static void Check(CommandContext context, ChildResult result)
    {
        var path = CommandException.Show(context.Arguments.Text("path"));
        switch (result.Error)
        {
            case ChildError.None:
                return;
            case ChildError.NotFound or ChildError.SupervisorNotRunning:
                throw new CommandException(CommandErrorKind.NotFound, result.Error == ChildError.NotFound ? $"there is no child {path}" : $"no supervisor runs above {path}");
            default:
                throw new CommandException(CommandErrorKind.Refused, $"{path}: {result}");
        }
    }

    private static CommandException NoTree(CommandContext context, string id) => new(
        CommandErrorKind.NotFound, $"no tree {CommandException.Show(id)} runs on this node; there are {string.Join(", ", SupervisionTree.All(context.System).Select(tree => tree.Spec.Id).DefaultIfEmpty("none"))}");

    private static CommandOutput.Row Done(CommandContext context, string outcome) => CommandOutput.RowOf("outcome", ("path", context.Arguments.Text("path")), ("outcome", outcome));
}
