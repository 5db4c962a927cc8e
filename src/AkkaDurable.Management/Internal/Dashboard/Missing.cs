using System.Text.Json;

namespace AkkaDurable.Management.Internal.Dashboard;

/// <summary>What a section lacks.</summary>
internal static class Missing
{
    public static void Write(Utf8JsonWriter json, IEnumerable<CommandOutput.Partial> missing)
    {
        json.WriteStartArray("missing");
        foreach (var one in missing)
        {
            json.WriteStartObject();
            json.WriteString("text", one.Text);
            json.WriteString("node", one.Node);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
