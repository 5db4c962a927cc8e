using System.Globalization;
using System.Text.Json;

namespace AkkaDurable.Management.Internal.Commands;

/// <summary>From the text of a value to the value.</summary>
internal static class ArgumentValue
{
    private const int MaxText = 4096;

    private static readonly (string Unit, double Milliseconds)[] s_units = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

    /// <param name="argument">Whose value it is.</param>
    /// <param name="text">The text.</param>
    /// <param name="value">What it says.</param>
    /// <param name="rule">The rule that it breaks.</param>
    public static bool TryRead(CommandArgument argument, string text, out object value, out string rule)
    {
        value = text;
        switch (argument.Type)
        {
            case CommandValueType.Integer:
                var isNumber = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
                value = number;
                rule = argument switch
                {
                    { Minimum: long.MinValue, Maximum: long.MaxValue } => "it must be a whole number",
                    { Maximum: long.MaxValue } => string.Create(CultureInfo.InvariantCulture, $"it must be a whole number, at least {argument.Minimum}"),
                    _ => string.Create(CultureInfo.InvariantCulture, $"it must be a whole number from {argument.Minimum} to {argument.Maximum}"),
                };
                return isNumber && number >= argument.Minimum && number <= argument.Maximum;

            case CommandValueType.Duration:
                rule = "it must be a time span such as 500ms, 5s, 2m, 1h or 00:00:05";
                if (TryDuration(text, out var span))
                {
                    value = span;
                    return true;
                }

                return false;

            case CommandValueType.Flag:
                rule = "it must be true or false";
                var isTruth = bool.TryParse(text, out var truth);
                value = truth;
                return isTruth;

            case CommandValueType.Choice:
                rule = $"it must be one of {string.Join(", ", argument.Choices)}";
                if (argument.Choices.FirstOrDefault(choice => choice.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } choice)
                {
                    value = choice;
                    return true;
                }

                return false;

            case CommandValueType.Json:
                rule = "it must be JSON";
                return IsJson(text);

            default:
                rule = $"it must be text of at most {MaxText} characters, without control characters and lone surrogates";
                return text.Length <= MaxText && IsPlain(text);
        }
    }

    private static bool TryDuration(string text, out TimeSpan value)
    {
        value = default;
        if (text.Contains(':', StringComparison.Ordinal))
        {
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value) && value >= TimeSpan.Zero;
        }

        foreach (var (unit, milliseconds) in s_units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
                && count * milliseconds < TimeSpan.FromDays(365).TotalMilliseconds)
            {
                value = TimeSpan.FromMilliseconds(count * milliseconds);
                return true;
            }
        }

        return false;
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
        catch (ArgumentException)
        {
            // Text that is not Unicode, such as a lone surrogate.
            return false;
        }
    }

    private static bool IsPlain(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) || (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[++i]))))
            {
                return false;
            }
        }

        return true;
    }
}
