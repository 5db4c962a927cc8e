namespace AkkaDurable.Management;

/// <summary>One argument of a command. Immutable.</summary>
/// <param name="Name">Its name: lower-case ASCII letters, digits and <c>-</c>. In JSON it is the property.</param>
/// <param name="Description">What it says, in a sentence.</param>
/// <param name="Switches">The switches that it follows, such as <c>-t</c>, each with a <c>-</c> in front; the first one is shown in help.</param>
public sealed record CommandArgument(string Name, string Description, params IReadOnlyList<string> Switches)
{
    /// <summary>What its values are.</summary>
    /// <value>The default is <see cref="CommandValueType.Text"/>.</value>
    public CommandValueType Type { get; init; }

    /// <summary>Whether it must be given.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool IsMandatory { get; init; }

    /// <summary>Whether it may be given more than once.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool AllowsMultiple { get; init; }

    /// <summary>Whether it may also be given without a switch, as a word by its place among such arguments: <c>placement explain KEY</c>.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool IsPositional { get; init; }

    /// <summary>Its values when it is not given.</summary>
    /// <value>The default is none.</value>
    public IReadOnlyList<string> Defaults { get; init; } = [];

    /// <summary>What it may be, for <see cref="CommandValueType.Choice"/>.</summary>
    /// <value>The default is none.</value>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The smallest value of a <see cref="CommandValueType.Integer"/>.</summary>
    /// <value>The default is any.</value>
    public long Minimum { get; init; } = long.MinValue;

    /// <summary>The largest value of a <see cref="CommandValueType.Integer"/>.</summary>
    /// <value>The default is any.</value>
    public long Maximum { get; init; } = long.MaxValue;
}
