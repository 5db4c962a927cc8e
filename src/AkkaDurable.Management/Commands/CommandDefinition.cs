namespace AkkaDurable.Management;

/// <summary>A command: one verb of a palette. Immutable. Checked when its palette is made.</summary>
/// <param name="Name">The verb: lower-case ASCII letters, digits and <c>-</c>.</param>
/// <param name="Description">What it does, in a sentence.</param>
/// <param name="Handler">Runs it. Called for each run, at the same time too.</param>
public sealed record CommandDefinition(string Name, string Description, CommandHandler Handler)
{
    /// <summary>Its arguments.</summary>
    /// <value>The default is none.</value>
    public IReadOnlyList<CommandArgument> Arguments { get; init; } = [];

    /// <summary>Examples of its use: what stands after the verb.</summary>
    /// <value>The default is none.</value>
    public IReadOnlyList<string> Examples { get; init; } = [];

    /// <summary>What it does to the cluster.</summary>
    /// <value>The default is <see cref="CommandEffect.Reads"/>.</value>
    public CommandEffect Effect { get; init; }

    /// <summary>Whether it goes on until somebody ends it.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool Follows { get; init; }
}
