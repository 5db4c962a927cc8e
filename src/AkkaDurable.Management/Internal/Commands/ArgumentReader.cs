using System.Text.Json;

namespace AkkaDurable.Management.Internal.Commands;

/// <summary>Reads the arguments of one command, from words or from JSON, by the same rules.</summary>
internal sealed class ArgumentReader(CommandPalette palette, CommandDefinition command)
{
    private readonly Dictionary<string, List<object>> _values = new(StringComparer.Ordinal);

    public CommandArguments Read(IEnumerable<string> words)
    {
        using var word = words.GetEnumerator();
        var onlyPositional = false;
        while (word.MoveNext())
        {
            if (!onlyPositional && word.Current == "--")
            {
                onlyPositional = true;
            }
            else if (!onlyPositional && command.Arguments.FirstOrDefault(argument => argument.Switches.Contains(word.Current)) is { } argument)
            {
                var name = word.Current;
                if (argument.Type == CommandValueType.Flag)
                {
                    Add(argument, name, "true");
                }
                else if (word.MoveNext())
                {
                    Add(argument, name, word.Current);
                }
                else
                {
                    throw Error(CommandErrorKind.MissingValue, name, null, "a value follows this switch");
                }
            }
            else if (!onlyPositional && word.Current.Length > 1 && word.Current[0] == '-')
            {
                throw Error(CommandErrorKind.UnknownArgument, word.Current, null, $"there is no such switch; {Switches()}");
            }
            else
            {
                var next = command.Arguments.FirstOrDefault(argument => argument.IsPositional && (argument.AllowsMultiple || !_values.ContainsKey(argument.Name)))
                    ?? throw Error(CommandErrorKind.UnexpectedWord, null, word.Current, $"is no switch; {Switches()}");
                Add(next, next.Name, word.Current);
            }
        }

        return End();
    }

    public CommandArguments Read(JsonElement json)
    {
        if (json.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined or JsonValueKind.Null))
        {
            throw Error(CommandErrorKind.InvalidValue, null, json.GetRawText(), "arguments are a JSON object");
        }

        foreach (var property in json.ValueKind == JsonValueKind.Object ? json.EnumerateObject() : default)
        {
            var argument = command.Arguments.FirstOrDefault(argument => argument.Name == property.Name)
                ?? throw Error(CommandErrorKind.UnknownArgument, property.Name, null, $"there is no such argument; there are {Names()}");
            if (argument.Type == CommandValueType.Json)
            {
                Add(argument, property.Name, property.Value.GetRawText());
                continue;
            }

            var values = property.Value.ValueKind == JsonValueKind.Array ? property.Value.EnumerateArray().ToArray() : [property.Value];
            foreach (var value in values.Where(value => value.ValueKind != JsonValueKind.Null))
            {
                var text = value.ValueKind switch
                {
                    JsonValueKind.String => ReadText(argument, value),
                    JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
                    _ => throw Error(CommandErrorKind.InvalidValue, property.Name, value.GetRawText(), "it must be a text, a number, true or false, or a list of those"),
                };
                if (argument.Type != CommandValueType.Flag || text != "false")
                {
                    Add(argument, property.Name, text);
                }
            }
        }

        return End();
    }

    private string ReadText(CommandArgument argument, JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // A \u escape of half a character.
            throw Error(CommandErrorKind.InvalidValue, argument.Name, value.GetRawText(), "it must be Unicode text");
        }
    }

    private void Add(CommandArgument argument, string given, string text)
    {
        if (!_values.TryGetValue(argument.Name, out var values))
        {
            _values[argument.Name] = values = [];
        }
        else if (!argument.AllowsMultiple)
        {
            throw Error(CommandErrorKind.RepeatedArgument, given, null, "it may be given once");
        }

        values.Add(ArgumentValue.TryRead(argument, text, out var value, out var rule) ? value : throw Error(CommandErrorKind.InvalidValue, given, text, $"is not allowed: {rule}"));
    }

    private CommandArguments End()
    {
        var given = _values.Keys.ToHashSet(StringComparer.Ordinal);
        foreach (var argument in command.Arguments.Where(argument => !given.Contains(argument.Name)))
        {
            if (argument.IsMandatory)
            {
                var how = argument.IsPositional ? argument.Name.ToUpperInvariant() : argument.Switches[0];
                throw Error(CommandErrorKind.MissingArgument, how, null, $"it must be given: {argument.Description}");
            }

            foreach (var text in argument.Defaults)
            {
                Add(argument with { AllowsMultiple = true }, argument.Name, text);
            }
        }

        return new CommandArguments(command, _values.ToDictionary(entry => entry.Key, entry => (IReadOnlyList<object>)entry.Value, StringComparer.Ordinal), given);
    }

    private string Switches() => command.Arguments.Any(argument => argument.Switches.Count > 0)
        ? $"there are {string.Join(", ", command.Arguments.SelectMany(argument => argument.Switches.Take(1)))}"
        : "the command takes none";

    private string Names() => command.Arguments.Count == 0 ? "none" : string.Join(", ", command.Arguments.Select(argument => argument.Name));

    private CommandException Error(CommandErrorKind kind, string? argument, string? value, string rule) => new(kind, palette.Name, command.Name, argument, value, rule);
}
