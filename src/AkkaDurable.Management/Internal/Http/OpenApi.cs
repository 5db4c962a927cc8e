using System.Text.Json;
using System.Text.Json.Nodes;

namespace AkkaDurable.Management.Internal.Http;

/// <summary>The API's description, made from the commands there are: an OpenAPI 3.1 document.</summary>
internal static class OpenApi
{
    private static readonly string[] s_problemTexts = ["type", "title", "detail", "palette", "verb", "argument", "value", "rule"];

    public static void Write(Utf8JsonWriter json, CommandCatalog catalog, string prefix) => Document(catalog, prefix).WriteTo(json);

    private static JsonObject Document(CommandCatalog catalog, string prefix)
    {
        var paths = new JsonObject
        {
            [$"{prefix}/commands"] = Get("commands", "Says which commands there are.", Answer("The commands.", "application/json", new JsonObject())),
            [$"{prefix}/live"] = Get("live", "What the dashboard shows, as it is and whenever it changes: one event for each section, events, and beats with the sections' ages.", Answer("Until it is closed.", "text/event-stream", Type("string"))),
        };
        foreach (var palette in catalog.Palettes)
        {
            foreach (var command in palette.Commands)
            {
                paths[$"{prefix}/commands/{palette.Name}/{command.Name}"] = new JsonObject { ["post"] = Operation(palette, command) };
            }
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "AkkaDurable admin API", ["version"] = "1" },
            ["tags"] = new JsonArray([.. catalog.Palettes.Select(palette => new JsonObject { ["name"] = palette.Name, ["description"] = palette.Description })]),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject { ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" } },
                ["schemas"] = new JsonObject { ["Output"] = Output(), ["Result"] = Result(), ["Problem"] = ProblemSchema() },
            },
        };
    }

    private static JsonObject Get(string id, string summary, JsonObject answer) => new()
    {
        ["get"] = new JsonObject { ["operationId"] = id, ["summary"] = summary, ["responses"] = new JsonObject { ["200"] = answer, ["default"] = Answer("Why not.", "application/problem+json", Ref("Problem")) } },
    };

    private static JsonObject Operation(CommandPalette palette, CommandDefinition command)
    {
        var operation = new JsonObject
        {
            ["operationId"] = $"{palette.Name}.{command.Name}",
            ["tags"] = new JsonArray(palette.Name),
            ["summary"] = command.Description,
            ["x-effect"] = ModelJson.Lower(command.Effect),
            ["requestBody"] = new JsonObject { ["required"] = command.Arguments.Any(argument => argument.IsMandatory) || command.Effect == CommandEffect.Destroys, ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = Body(command) } } },
            ["responses"] = new JsonObject
            {
                ["200"] = command.Follows ? Answer("One event for each output.", "text/event-stream", Type("string")) : Answer("The output.", "application/json", Ref("Result")),
                ["default"] = Answer("Why not.", "application/problem+json", Ref("Problem")),
            },
        };
        if (command.Effect != CommandEffect.Reads)
        {
            operation["security"] = new JsonArray(new JsonObject { ["token"] = new JsonArray() });
        }

        return operation;
    }

    private static JsonObject Body(CommandDefinition command)
    {
        var arguments = new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = new JsonObject(command.Arguments.Select(argument => KeyValuePair.Create(argument.Name, (JsonNode?)Argument(argument)))) };
        if (command.Arguments.Any(argument => argument.IsMandatory))
        {
            arguments["required"] = new JsonArray([.. command.Arguments.Where(argument => argument.IsMandatory).Select(argument => JsonValue.Create(argument.Name))]);
        }

        var body = new JsonObject { ["type"] = "object", ["additionalProperties"] = false };
        var properties = new JsonObject { ["arguments"] = arguments, ["words"] = ListOf(Type("string")) };
        if (command.Effect == CommandEffect.Destroys)
        {
            properties["confirm"] = new JsonObject { ["const"] = true };
            body["required"] = new JsonArray("confirm");
        }

        body["properties"] = properties;
        return body;
    }

    private static JsonObject Argument(CommandArgument argument)
    {
        var one = argument.Type switch
        {
            CommandValueType.Integer => Type("integer"),
            CommandValueType.Flag => Type("boolean"),
            CommandValueType.Choice => new JsonObject { ["enum"] = new JsonArray([.. argument.Choices.Select(choice => JsonValue.Create(choice))]) },
            CommandValueType.Json => [],
            _ => Type("string"),
        };
        if (argument.Type == CommandValueType.Integer)
        {
            if (argument.Minimum != long.MinValue)
            {
                one["minimum"] = argument.Minimum;
            }

            if (argument.Maximum != long.MaxValue)
            {
                one["maximum"] = argument.Maximum;
            }
        }

        var schema = argument.AllowsMultiple ? ListOf(one) : one;
        schema["description"] = argument.Description;
        return schema;
    }

    private static JsonObject Output() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["type"] = new JsonObject { ["enum"] = new JsonArray("row", "line", "progress", "partial") },
            ["kind"] = Type("string"),
            ["depth"] = Type("integer"),
            ["fields"] = Type("object"),
            ["text"] = Type("string"),
            ["fraction"] = Type("number"),
            ["node"] = new JsonObject { ["type"] = new JsonArray("string", "null") },
        },
    };

    private static JsonObject Result() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject { ["palette"] = Type("string"), ["verb"] = Type("string"), ["partial"] = Type("boolean"), ["output"] = ListOf(Ref("Output")) },
    };

    private static JsonObject ProblemSchema() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(s_problemTexts.Select(name => KeyValuePair.Create(name, (JsonNode?)Type("string")))) { ["status"] = Type("integer") },
    };

    private static JsonObject Type(string type) => new() { ["type"] = type };

    private static JsonObject ListOf(JsonObject items) => new() { ["type"] = "array", ["items"] = items };

    private static JsonObject Ref(string name) => new() { ["$ref"] = $"#/components/schemas/{name}" };

    private static JsonObject Answer(string description, string type, JsonObject schema) => new() { ["description"] = description, ["content"] = new JsonObject { [type] = new JsonObject { ["schema"] = schema } } };
}
