namespace AkkaDurable.Cli.Process.Tests;

/// <summary>How one verb is run, and what it says. KEY, in words and patterns, is a key that only this run of this verb has; {us} is the node in us.</summary>
/// <param name="Verb">Palette and verb.</param>
/// <param name="Arguments">What follows.</param>
/// <param name="Text">A pattern that its text has a line of.</param>
/// <param name="Kind">The kind of its rows; empty: it tells lines.</param>
/// <param name="Fields">What one of its rows has, as JSON; a text that begins with ^ is a pattern.</param>
internal sealed record VerbRow(string Verb, string Arguments, string Text, string Kind, params (string Name, string Value)[] Fields)
{
    /// <summary>Calls to the key that come before.</summary>
    public string[] Calls { get; init; } = [];

    /// <summary>Commands that come before.</summary>
    public string[] Before { get; init; } = [];

    /// <summary>Commands that undo it.</summary>
    public string[] After { get; init; } = [];

    /// <summary>What is run again and again until it has said something.</summary>
    public string? Meanwhile { get; init; }

    /// <summary>Whether it goes on until it is ended.</summary>
    public bool Follows { get; init; }

    public override string ToString() => Verb;
}
