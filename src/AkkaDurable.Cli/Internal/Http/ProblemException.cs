using System.Text.Json;

namespace AkkaDurable.Cli.Internal.Http;

/// <summary>The node refused, or failed.</summary>
/// <param name="json">What it said.</param>
internal sealed class ProblemException(string json) : Exception(TextOf(json, "detail") ?? "the node refused, and did not say why")
{
    private static readonly string[] s_misuse =
        ["unknown-palette", "unknown-verb", "unknown-argument", "unexpected-word", "missing-argument", "missing-value", "repeated-argument", "invalid-value", "malformed", "too-large"];

    public string Json { get; } = json;

    /// <summary>Which problem it is, such as <c>not-confirmed</c>.</summary>
    public string Code { get; } = TextOf(json, "type") is { } type ? type[(type.LastIndexOf(':') + 1)..] : "";

    public int ExitCode => s_misuse.Contains(Code) ? CliException.Misused : CliException.Failed;

    private static string? TextOf(string json, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? Text.Plain(value.GetString()!) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
