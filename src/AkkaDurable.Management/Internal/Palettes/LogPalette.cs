using System.Runtime.CompilerServices;
using Akka.Event;

namespace AkkaDurable.Management.Internal.Palettes;

/// <summary>Akka's log on this node, another, or all.</summary>
internal static class LogPalette
{
    private static readonly string[] s_levels = ["debug", "info", "warning", "error"];

    /// <summary>The verbs, about this node.</summary>
    public static CommandPalette Local { get; } = new(
        "log",
        "Akka's log: what actors say. What is logged by ILogger is not in it.",
        new CommandDefinition("tail", "Follows what is logged to Akka's log.", Tail)
        {
            Arguments =
            [
                new("level", "Only from this level on; what the node does not log at all is not shown (log level).", "-l", "--level") { Type = CommandValueType.Choice, Choices = s_levels, Defaults = ["info"] },
                new("match", "Only messages or sources with this text in them.", "-m", "--match"),
            ],
            Effect = CommandEffect.Reveals,
            Follows = true,
            Examples = ["", "-l warning", "-m coordinator"],
        },
        new CommandDefinition("level", "Shows from which level on the node logs.", Level) { Examples = [""] },
        new CommandDefinition("set-level", "Has the node log from a level on, until it is restarted or told otherwise. Less at once; more only by actors that start after it: Akka's loggers keep the level they began with.", SetLevel)
        {
            Arguments = [new("level", "The level.", "-l", "--level") { Type = CommandValueType.Choice, Choices = s_levels, IsMandatory = true, IsPositional = true }],
            Effect = CommandEffect.Changes,
            Examples = ["debug"],
        });

    public static CommandPalette Create() => NodeVerbs.AboutAnyNode(Local, "tail", "level", "set-level");

    private static async IAsyncEnumerable<CommandOutput> Tail(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var least = LevelOf(context);
        var match = context.Arguments.TextOrNull("match");
        var stream = context.System.EventStream;
        await foreach (var item in EventTap.ReadAsync(context.System, actor => stream.Subscribe(actor, typeof(LogEvent)), actor => stream.Unsubscribe(actor), cancellationToken).ConfigureAwait(false))
        {
            if (item is EventTap.Lost lost)
            {
                yield return lost.Told;
            }
            else if (item is LogEvent log && log.LogLevel() >= least)
            {
                var message = log.Message?.ToString() ?? "";
                if (match is null || message.Contains(match, StringComparison.OrdinalIgnoreCase) || log.LogSource.Contains(match, StringComparison.OrdinalIgnoreCase))
                {
                    yield return CommandOutput.RowOf(
                        "log", ("at", new DateTimeOffset(DateTime.SpecifyKind(log.Timestamp, DateTimeKind.Utc))), ("level", log.LogLevel()), ("source", log.LogSource), ("message", message), ("cause", log.Cause?.GetType().FullName));
                }
            }
        }
    }

    private static async IAsyncEnumerable<CommandOutput> Level(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        yield return Shown(context);
    }

    private static async IAsyncEnumerable<CommandOutput> SetLevel(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        context.System.EventStream.SetLogLevel(LevelOf(context));
        yield return Shown(context);
    }

    private static CommandOutput.Row Shown(CommandContext context)
    {
        var stream = context.System.EventStream;
        var level = Enum.GetValues<LogLevel>().Where(level => stream.LogLevel <= level).DefaultIfEmpty(LogLevel.ErrorLevel).Min();
        return CommandOutput.RowOf("level", ("level", s_levels[(int)level]), ("node", Akka.Cluster.Cluster.Get(context.System).SelfAddress.ToString()));
    }

    private static LogLevel LevelOf(CommandContext context) => (LogLevel)Array.IndexOf(s_levels, context.Arguments.Text("level"));
}
