using Akka.Actor;
using Akka.Cluster;
using AkkaDurable.Placement;

namespace AkkaDurable.Management.Internal.Palettes;

/// <summary>Arguments that several commands have, and what they mean.</summary>
internal static class Common
{
    public static readonly CommandArgument Type = new("type", "The server type's name.", "-t", "--type") { IsMandatory = true };
    public static readonly CommandArgument OptionalType = Type with { Description = "Only this server type.", IsMandatory = false };
    public static readonly CommandArgument Key = new("key", "The server's key.", "-k", "--key") { IsMandatory = true, IsPositional = true };
    public static readonly CommandArgument Node = new("node", "The node: its address, or HOST:PORT of it.", "-n", "--node") { IsMandatory = true, IsPositional = true };
    public static readonly CommandArgument Timeout = new("timeout", "How long to wait for answers.", "--timeout") { Type = CommandValueType.Duration, Defaults = ["5s"] };

    public static IDurableServerType TypeOf(CommandContext context) => TypeOf(context, context.Arguments.Text("type"));

    public static IEnumerable<IDurableServerType> TypesOf(CommandContext context) =>
        context.Arguments.TextOrNull("type") is { } name ? [TypeOf(context, name)] : DurableServers.Get(context.System).Types;

    public static ServerRef ServerOf(CommandContext context) => TypeOf(context)[context.Arguments.Text("key")];

    public static TimeSpan TimeoutOf(CommandContext context)
    {
        var timeout = context.Arguments.Duration("timeout") ?? TimeSpan.FromSeconds(5);
        return timeout >= TimeSpan.FromMilliseconds(1) && timeout <= TimeSpan.FromMinutes(10)
            ? timeout
            : throw new CommandException(CommandErrorKind.InvalidValue, "timeout is 1 ms to 10 minutes");
    }

    /// <summary>The member that a node argument means.</summary>
    public static Member MemberOf(CommandContext context, string argument = "node") => MemberOf(Cluster.Get(context.System), context.Arguments.Text(argument));

    public static Member MemberOf(Cluster cluster, string text)
    {
        var members = cluster.State.Members;
        var found = members.Where(member => member.Address.ToString() == text || HostAndPort(member.Address) == text).ToArray();
        return found.Length == 1
            ? found[0]
            : throw new CommandException(
                CommandErrorKind.NotFound,
                $"the cluster has no member {CommandException.Show(text)}; there are {string.Join(", ", members.Select(member => member.Address.ToString()))}");
    }

    public static void Check(PlacementCommandResult result)
    {
        switch (result.Outcome)
        {
            case PlacementCommandOutcome.Done or PlacementCommandOutcome.AlreadySo:
                return;
            case PlacementCommandOutcome.NoSuchNode or PlacementCommandOutcome.NoSuchShard:
                throw new CommandException(CommandErrorKind.NotFound, result.Text);
            case PlacementCommandOutcome.Pending:
                throw new CommandException(CommandErrorKind.Unavailable, result.Text);
            default:
                throw new CommandException(CommandErrorKind.Refused, result.Text);
        }
    }

    public static string HostAndPort(Address address) => FormattableString.Invariant($"{address.Host}:{address.Port}");

    private static IDurableServerType TypeOf(CommandContext context, string name)
    {
        var servers = DurableServers.Get(context.System);
        return servers.Find(name) ?? throw new CommandException(
            CommandErrorKind.NotFound, $"this node knows no server type {CommandException.Show(name)}; there are {string.Join(", ", servers.Types.Select(type => type.Name).DefaultIfEmpty("none"))}");
    }
}
