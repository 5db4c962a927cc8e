using System.Text;

namespace AkkaDurable.Management;

/// <summary>A command that was refused, or ended without doing what it was asked. The message names what is wrong and the rule, and is fit to be shown.</summary>
public sealed class CommandException : Exception
{
    private const int MaxShown = 80;

    /// <summary>A refusal by a handler.</summary>
    /// <param name="kind">Why.</param>
    /// <param name="message">What is wrong, in a sentence.</param>
    /// <param name="inner">What it comes from.</param>
    public CommandException(CommandErrorKind kind, string message, Exception? inner = null)
        : base(message, inner) => Kind = kind;

    internal CommandException(CommandErrorKind kind, string? palette, string? verb, string? argument, string? value, string rule)
        : base(Text(palette, verb, argument, value, rule))
    {
        Kind = kind;
        Palette = palette;
        Verb = verb;
        Argument = argument;
        Value = value is null ? null : Show(value);
        Rule = rule;
    }

    /// <summary>Why.</summary>
    public CommandErrorKind Kind { get; }

    /// <summary>The palette; null if the words named none.</summary>
    public string? Palette { get; }

    /// <summary>The verb; null if the words named none.</summary>
    public string? Verb { get; }

    /// <summary>The switch or name of the argument, as it was given; null if it is about none.</summary>
    public string? Argument { get; }

    /// <summary>The value, as far as it can be shown on one line; null if it is about none.</summary>
    public string? Value { get; }

    /// <summary>The rule that was broken; null if a handler refused.</summary>
    public string? Rule { get; }

    /// <summary>A text as it may stand on a line of a log or terminal: without control characters, cut.</summary>
    internal static string Show(string text)
    {
        var shown = new StringBuilder();
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, MaxShown)))
        {
            shown.Append(char.IsControl(c) || char.IsSurrogate(c) ? '?' : c);
        }

        return (text.Length > MaxShown ? shown.Append('…') : shown).ToString();
    }

    private static string Text(string? palette, string? verb, string? argument, string? value, string rule)
    {
        var about = string.Join(' ', new[] { palette, verb, argument }.OfType<string>().Select(Show));
        var shown = value is null ? "" : $"\"{Show(value)}\" ";
        return about.Length == 0 ? shown + rule : $"{about}: {shown}{rule}";
    }
}
