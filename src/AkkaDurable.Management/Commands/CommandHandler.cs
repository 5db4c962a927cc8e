namespace AkkaDurable.Management;

/// <summary>Runs a command. What it yields is shown as it comes; a <see cref="CommandException"/> ends it with an error that is shown, any other exception with one that is logged.</summary>
/// <param name="context">Its arguments, and what it works on.</param>
/// <param name="cancellationToken">Ends it: whoever asked is gone, or its time is over. A command that <see cref="CommandDefinition.Follows"/> runs until then.</param>
/// <returns>What it has to tell.</returns>
public delegate IAsyncEnumerable<CommandOutput> CommandHandler(CommandContext context, CancellationToken cancellationToken);
