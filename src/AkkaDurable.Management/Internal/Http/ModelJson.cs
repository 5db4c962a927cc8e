using System.Text.Json;

namespace AkkaDurable.Management.Internal.Http;

/// <summary>The commands there are, for tools.</summary>
internal static class ModelJson
{
    public static void Write(Utf8JsonWriter json, CommandCatalog catalog, string node, bool allowsChanges)
    {
        json.WriteStartObject();
        json.WriteNumber("version", 1);
        json.WriteString("node", node);
        json.WriteBoolean("allowsChanges", allowsChanges);
        json.WriteStartArray("palettes");
        foreach (var palette in catalog.Palettes)
        {
            json.WriteStartObject();
            json.WriteString("name", palette.Name);
            json.WriteString("description", palette.Description);
            json.WriteStartArray("commands");
            foreach (var command in palette.Commands)
            {
                Command(json, command);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static string Lower(Enum value) => value.ToString().ToLowerInvariant();

    private static void Command(Utf8JsonWriter json, CommandDefinition command)
    {
        json.WriteStartObject();
        json.WriteString("name", command.Name);
        json.WriteString("description", command.Description);
        json.WriteString("effect", Lower(command.Effect));
        json.WriteBoolean("follows", command.Follows);
        json.WriteStartArray("arguments");
        foreach (var argument in command.Arguments)
        {
            json.WriteStartObject();
            json.WriteString("name", argument.Name);
            json.WriteString("description", argument.Description);
            Strings(json, "switches", argument.Switches);
            json.WriteString("type", Lower(argument.Type));
            json.WriteBoolean("mandatory", argument.IsMandatory);
            json.WriteBoolean("multiple", argument.AllowsMultiple);
            json.WriteBoolean("positional", argument.IsPositional);
            Strings(json, "defaults", argument.Defaults);
            Strings(json, "choices", argument.Choices);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Strings(json, "examples", command.Examples);
        json.WriteEndObject();
    }

    private static void Strings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
