using System.Text.Json;

namespace AkkaDurable.Management.Internal.Palettes;

/// <summary>Durable servers: which verbs there are. What they do is in the other parts.</summary>
internal static partial class ServersPalette
{
    private const int PageSize = 1_000;

    private static readonly IReadOnlyList<CommandArgument> s_one = [Common.Type, Common.Key, Common.Timeout];

    private static readonly CommandArgument[] s_filter =
    [
        new("prefix", "Only keys that begin with this.", "-p", "--prefix"),
        new("status", "Only servers with this status.", "-status", "--status") { Type = CommandValueType.Choice, Choices = Enum.GetNames<ServerStatus>() },
        new("region", "Only servers that run, or ran last, in this region.", "-r", "--region"),
        new("node", "Only servers that run, or ran last, on this node: its address.", "-n", "--node"),
        new("permanent", "Only permanent servers.", "-permanent", "--permanent") { Type = CommandValueType.Flag },
    ];

    public static CommandPalette Create() => new(
        "servers",
        "Durable servers, running or not.",
        new CommandDefinition("list", "Lists servers as the store tells of them, in the order of their keys. Starts none.", List)
        {
            Arguments =
            [
                Common.Type,
                .. s_filter,
                new("after", "Only keys after this one.", "-after", "--after"),
                new("most", "The most servers to list.", "-most", "--most") { Type = CommandValueType.Integer, Minimum = 1, Maximum = 100_000, Defaults = ["100"] },
            ],
            Examples = ["-t counter", "-t counter -p user- -status PermanentlyCrashed", "-t counter -after user-0099 -most 1000"],
        },
        new CommandDefinition("count", "Counts servers by their status.", Count) { Arguments = [Common.OptionalType, .. s_filter], Examples = ["", "-t counter -r eu-west"] },
        new CommandDefinition("info", "Shows a server: where it runs, its status, epoch, revision and what it says of itself.", Info) { Arguments = s_one, Examples = ["-t counter user-1"] },
        new CommandDefinition("state", "Shows the state of a server as it is stored.", State) { Arguments = [Common.Type, Common.Key], Effect = CommandEffect.Reveals, Examples = ["-t counter user-1"] },
        new CommandDefinition("crashes", "Shows when and why servers crashed: one, or all that crashed last.", Crashes)
        {
            Arguments = [Common.Type, Common.Key with { IsMandatory = false, Description = "Only this server." }],

            // Why is what an exception of the app says, and that may be anything that the app handles.
            Effect = CommandEffect.Reveals,
            Examples = ["-t counter", "-t counter user-1"],
        },
        new CommandDefinition("tail", "Follows servers as they start, stop, move and change their metadata, after those that run now.", Tail)
        {
            Arguments =
            [
                Common.OptionalType,
                new("prefix", "Only keys that begin with this; needs a type.", "-p", "--prefix"),
                new("new", "Leaves out those that run now.", "-new", "--new") { Type = CommandValueType.Flag },
            ],
            Follows = true,
            Examples = ["", "-t counter -p user-", "-t counter -new"],
        },
        new CommandDefinition("start", "Starts a server, also one that was stopped permanently or crashed for good.", Start)
        {
            Arguments = s_one, Effect = CommandEffect.Changes, Examples = ["-t counter user-1"],
        },
        new CommandDefinition("stop", "Stops a server: it saves, and starts again with its next message.", Stop) { Arguments = s_one, Effect = CommandEffect.Changes, Examples = ["-t counter user-1"] },
        new CommandDefinition("stop-permanently", "Stops a server for good: it refuses messages until it is started.", StopPermanently) { Arguments = s_one, Effect = CommandEffect.Changes, Examples = ["-t counter user-1"] },
        new CommandDefinition("delete", "Stops a server and deletes its record with its state.", Delete) { Arguments = s_one, Effect = CommandEffect.Destroys, Examples = ["-t counter user-1"] },
        new CommandDefinition("cordon", "Stops a server and keeps it from running, whatever is sent to it.", Cordon) { Arguments = s_one, Effect = CommandEffect.Changes, Examples = ["-t counter user-1"] },
        new CommandDefinition("uncordon", "Lets a cordoned server run again.", Uncordon) { Arguments = s_one, Effect = CommandEffect.Changes, Examples = ["-t counter user-1"] },
        new CommandDefinition("rehome", "Moves a server's shard, with all its servers, to another node.", Rehome)
        {
            Arguments = [Common.Type, Common.Key, new("to", "The node that is to run it: its address, or HOST:PORT of it. Left out: the best other one.", "-to", "--to")],
            Effect = CommandEffect.Changes,
            Examples = ["-t counter user-1", "-t counter user-1 -to 10.0.0.7:8110"],
        },
        new CommandDefinition("call", "Calls a server, or casts to it, with a message as JSON. Only where DurableServerOptions.AllowJsonCalls is set.", Call)
        {
            Arguments =
            [
                Common.Type,
                Common.Key,
                new("message", "The message type: its alias, or its class's name.", "-m", "--message") { IsMandatory = true },
                new("body", "The message.", "-b", "--body") { Type = CommandValueType.Json, Defaults = ["{}"] },
                Common.Timeout,
            ],
            Effect = CommandEffect.Changes,
            Examples = ["-t counter user-1 -m GetCount", "-t counter user-1 -m Increment -b '{\"By\":2}'"],
        });

    private static ServerFilter FilterOf(CommandContext context) => new()
    {
        KeyPrefix = context.Arguments.TextOrNull("prefix"),
        Status = context.Arguments.TextOrNull("status") is { } status ? Enum.Parse<ServerStatus>(status) : null,
        Region = context.Arguments.TextOrNull("region"),
        Node = context.Arguments.TextOrNull("node"),
        IsPermanent = context.Arguments.Flag("permanent") ? true : null,
    };

    private static CommandOutput.Row RowOf(ServerInfo server) => CommandOutput.RowOf(
        "server",
        ("key", server.Key),
        ("status", server.Status),
        ("node", server.Node),
        ("region", server.Region),
        ("epoch", server.Epoch),
        ("revision", server.Revision),
        ("permanent", server.IsPermanent),
        ("crashes", server.Crashes.Count),
        ("updated", server.UpdatedAt));

    private static JsonElement? JsonOf(string? text) => text is null ? null : JsonSerializer.Deserialize<JsonElement>(text);
}
