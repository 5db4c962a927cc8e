using System.Globalization;

namespace AkkaDurable.Management;

/// <summary>One thing that a command tells. Each kind can be shown as a line of text, which is its <see cref="object.ToString"/>. Immutable.</summary>
public abstract record CommandOutput
{
    private CommandOutput()
    {
    }

    /// <summary>A row of a table.</summary>
    /// <param name="kind">What it describes, such as <c>node</c>: rows of one kind have the same columns.</param>
    /// <param name="fields">Its columns, in order: name and value.</param>
    /// <returns>The row.</returns>
    public static Row RowOf(string kind, params IReadOnlyList<(string Name, object? Value)> fields) => new(kind, fields);

    /// <inheritdoc/>
    public abstract override string ToString();

    /// <summary>A row of a table, or a node of a tree.</summary>
    /// <param name="Kind">What it describes, such as <c>node</c>: rows of one kind have the same columns.</param>
    /// <param name="Fields">Its columns, in order. A value is a text, number, truth value, enumeration, time or time span, a list of texts, a map of texts to texts, a <see cref="System.Text.Json.JsonElement"/>, or null.</param>
    /// <param name="Depth">How far down it is, if the rows are a tree; the row above it that is less deep is its parent.</param>
    public sealed record Row(string Kind, IReadOnlyList<(string Name, object? Value)> Fields, int Depth = 0) : CommandOutput
    {
        /// <summary>The value of a column; null also if there is none.</summary>
        /// <param name="name">The column.</param>
        public object? this[string name] => Fields.FirstOrDefault(field => field.Name == name).Value;

        /// <summary>The values between bars; the first one alone, the others with their names.</summary>
        /// <returns>The line.</returns>
        public override string ToString() =>
            new string(' ', Depth * 2) + string.Join(" | ", Fields.Select((field, i) => i == 0 ? TextOf(field.Value) : $"{field.Name}: {TextOf(field.Value)}"));

        /// <summary>A value as text, the same whatever the culture.</summary>
        /// <param name="value">The value.</param>
        /// <returns>The text; empty for null.</returns>
        public static string TextOf(object? value) => value switch
        {
            null => "",
            string text => text,
            bool truth => truth ? "yes" : "no",
            DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
            TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
            IEnumerable<KeyValuePair<string, string>> map => string.Join(", ", map.Select(entry => $"{entry.Key}={entry.Value}")),
            IEnumerable<string> list => string.Join(", ", list),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };
    }

    /// <summary>A line of text.</summary>
    /// <param name="Text">The text.</param>
    public sealed record Line(string Text) : CommandOutput
    {
        /// <summary>The text.</summary>
        /// <returns>The text.</returns>
        public override string ToString() => Text;
    }

    /// <summary>How far a command is that takes long.</summary>
    /// <param name="Text">What is being done.</param>
    /// <param name="Fraction">How much is done, 0 to 1; null if that is not known.</param>
    public sealed record Progress(string Text, double? Fraction = null) : CommandOutput
    {
        /// <summary>The text, with percent if known.</summary>
        /// <returns>The line.</returns>
        public override string ToString() => Fraction is { } fraction ? string.Create(CultureInfo.InvariantCulture, $"{Text} ({fraction * 100:0} %)") : Text;
    }

    /// <summary>That the answer is not the whole one, and why.</summary>
    /// <param name="Text">What is missing, in a sentence.</param>
    /// <param name="Node">The address of the node that did not answer, if it is one.</param>
    public sealed record Partial(string Text, string? Node = null) : CommandOutput
    {
        /// <summary>The sentence, marked.</summary>
        /// <returns>The line.</returns>
        public override string ToString() => $"partial: {Text}";
    }
}
