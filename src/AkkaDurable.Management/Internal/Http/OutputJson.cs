using System.Collections;
using System.Text.Json;

namespace AkkaDurable.Management.Internal.Http;

/// <summary>What commands tell, the commands themselves and problems, as JSON.</summary>
internal static class OutputJson
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, s_options))
        {
            write(json);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The kind of an output, which is also the name of its event.</summary>
    public static string TypeOf(CommandOutput output) => output switch
    {
        CommandOutput.Row => "row",
        CommandOutput.Progress => "progress",
        CommandOutput.Partial => "partial",
        _ => "line",
    };

    public static void Output(Utf8JsonWriter json, CommandOutput output)
    {
        json.WriteStartObject();
        json.WriteString("type", TypeOf(output));
        switch (output)
        {
            case CommandOutput.Row row:
                json.WriteString("kind", row.Kind);
                if (row.Depth > 0)
                {
                    json.WriteNumber("depth", row.Depth);
                }

                json.WriteStartObject("fields");
                foreach (var (name, value) in row.Fields)
                {
                    json.WritePropertyName(name);
                    Value(json, value);
                }

                json.WriteEndObject();
                break;
            case CommandOutput.Progress progress:
                json.WriteString("text", progress.Text);
                if (progress.Fraction is { } fraction)
                {
                    json.WriteNumber("fraction", fraction);
                }

                break;
            case CommandOutput.Partial partial:
                json.WriteString("text", partial.Text);
                json.WriteString("node", partial.Node);
                break;
            default:
                json.WriteString("text", output.ToString());
                break;
        }

        json.WriteEndObject();
    }

    public static void Problem(Utf8JsonWriter json, Problem problem)
    {
        json.WriteStartObject();
        json.WriteString("type", $"urn:akka-durable:{problem.Code}");
        json.WriteString("title", problem.Code.Replace('-', ' '));
        json.WriteNumber("status", problem.Status);
        json.WriteString("detail", problem.Detail);
        if (problem.Error is { } error)
        {
            foreach (var (name, value) in new[] { ("palette", error.Palette), ("verb", error.Verb), ("argument", error.Argument), ("value", error.Value), ("rule", error.Rule) })
            {
                if (value is not null)
                {
                    json.WriteString(name, value);
                }
            }
        }

        json.WriteEndObject();
    }

    private static void Value(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool truth:
                json.WriteBooleanValue(truth);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case JsonElement element:
                element.WriteTo(json);
                break;
            case IEnumerable<KeyValuePair<string, string>> map:
                json.WriteStartObject();
                foreach (var (name, text) in map)
                {
                    json.WriteString(name, text);
                }

                json.WriteEndObject();
                break;
            case IEnumerable list and not string:
                json.WriteStartArray();
                foreach (var item in list)
                {
                    Value(json, item);
                }

                json.WriteEndArray();
                break;
            case Enum choice:
                json.WriteStringValue(choice.ToString());
                break;
            default:
                json.WriteStringValue(CommandOutput.Row.TextOf(value));
                break;
        }
    }
}
