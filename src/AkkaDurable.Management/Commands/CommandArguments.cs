using System.Text;
using System.Text.Json;
using AkkaDurable.Management.Internal.Commands;

namespace AkkaDurable.Management;

/// <summary>The arguments of one run of a command, checked and with their defaults. Immutable and safe for concurrent use.</summary>
public sealed class CommandArguments
{
    private readonly IReadOnlyDictionary<string, IReadOnlyList<object>> _values;
    private readonly CommandDefinition _command;

    internal CommandArguments(CommandDefinition command, IReadOnlyDictionary<string, IReadOnlyList<object>> values, IReadOnlySet<string> given)
    {
        _command = command;
        _values = values;
        Given = given;
    }

    /// <summary>The names of the arguments that were given, not taken from their defaults.</summary>
    public IReadOnlySet<string> Given { get; }

    /// <summary>The text of a text, choice or JSON argument.</summary>
    /// <param name="name">The argument.</param>
    /// <returns>The text.</returns>
    /// <exception cref="InvalidOperationException">It was not given, and has no default.</exception>
    /// <exception cref="ArgumentException">The command has no such argument, or it is none of text.</exception>
    public string Text(string name) => TextOrNull(name) ?? throw new InvalidOperationException($"{name} was not given");

    /// <summary>The text of a text, choice or JSON argument.</summary>
    /// <param name="name">The argument.</param>
    /// <returns>The text; null if it was not given.</returns>
    /// <exception cref="ArgumentException">The command has no such argument, or it is none of text.</exception>
    public string? TextOrNull(string name) => One<string>(name, out var value) ? value : null;

    /// <summary>All texts of an argument that may be given more than once.</summary>
    /// <param name="name">The argument.</param>
    /// <returns>The texts; none if it was not given.</returns>
    /// <exception cref="ArgumentException">The command has no such argument, or it is none of text.</exception>
    public IReadOnlyList<string> Texts(string name) => [.. Values<string>(name)];

    /// <summary>The value of a number.</summary>
    /// <param name="name">The argument.</param>
    /// <returns>The number; null if it was not given.</returns>
    /// <exception cref="ArgumentException">The command has no such argument, or it is no number.</exception>
    public long? Integer(string name) => One<long>(name, out var value) ? value : null;

    /// <summary>The value of a time span.</summary>
    /// <param name="name">The argument.</param>
    /// <returns>The time span; null if it was not given.</returns>
    /// <exception cref="ArgumentException">The command has no such argument, or it is no time span.</exception>
    public TimeSpan? Duration(string name) => One<TimeSpan>(name, out var value) ? value : null;

    /// <summary>Whether a flag is set.</summary>
    /// <param name="name">The argument.</param>
    /// <returns>Whether it is.</returns>
    /// <exception cref="ArgumentException">The command has no such argument, or it is no flag.</exception>
    public bool Flag(string name) => One<bool>(name, out var value) && value;

    /// <summary>A JSON argument, read.</summary>
    /// <param name="name">The argument.</param>
    /// <returns>The element; null if it was not given.</returns>
    /// <exception cref="ArgumentException">The command has no such argument, or it is none of text.</exception>
    public JsonElement? Json(string name) => TextOrNull(name) is { } text ? JsonSerializer.Deserialize<JsonElement>(text) : null;

    /// <summary>The arguments that were given, as one types them. JSON is left out: it may be confidential.</summary>
    /// <returns>Switches and values.</returns>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var argument in _command.Arguments.Where(argument => Given.Contains(argument.Name)))
        {
            foreach (var value in _values[argument.Name])
            {
                var name = argument.Switches.Count > 0 ? argument.Switches[0] : "";
                var shown = argument.Type switch
                {
                    CommandValueType.Flag => "",
                    CommandValueType.Json => "(JSON)",
                    _ => Words.Quote(CommandException.Show(CommandOutput.Row.TextOf(value))),
                };
                text.Append(text.Length == 0 ? "" : " ").AppendJoin(' ', new[] { name, shown }.Where(part => part.Length > 0));
            }
        }

        return text.ToString();
    }

    /// <summary>What was given of a command's arguments, as words that it reads the same from.</summary>
    internal IReadOnlyList<string> WordsOf(CommandDefinition command) =>
        [.. command.Arguments.Where(argument => Given.Contains(argument.Name)).SelectMany(argument => _values[argument.Name].SelectMany(value =>
            argument.Type == CommandValueType.Flag ? new[] { argument.Switches[0] } : [argument.Switches[0], CommandOutput.Row.TextOf(value)]))];

    private bool One<T>(string name, out T? value)
    {
        foreach (var found in Values<T>(name))
        {
            value = found;
            return true;
        }

        value = default;
        return false;
    }

    private IEnumerable<T> Values<T>(string name) =>
        _values.TryGetValue(name, out var values)
            ? values.Select(value => value is T typed ? typed : throw new ArgumentException($"{_command.Name} has no {typeof(T).Name} {name}", nameof(name)))
            : _command.Arguments.Any(argument => argument.Name == name) ? [] : throw new ArgumentException($"{_command.Name} has no argument {name}", nameof(name));
}
