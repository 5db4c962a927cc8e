using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AkkaDurable.Management.Internal.Http;

/// <summary>The body of a request: <c>{"arguments": {…}, "confirm": true}</c>, or <c>"words": […]</c> in place of arguments.</summary>
/// <param name="Arguments">The arguments by name.</param>
/// <param name="Words">The arguments as they are typed; null: by name.</param>
/// <param name="IsConfirmed">Whether it was said that it is meant.</param>
internal sealed record CommandRequest(JsonElement Arguments, IReadOnlyList<string>? Words, bool IsConfirmed)
{
    private const string Rule = "the body is a JSON object with \"arguments\" or \"words\", and \"confirm\"";

    public static async Task<(CommandRequest? Request, Problem? Problem)> ReadAsync(HttpContext http, int maxBytes, CancellationToken cancellationToken)
    {
        var tooLarge = new Problem(StatusCodes.Status413PayloadTooLarge, "too-large", $"a request body has at most {maxBytes} bytes");
        if (http.Request.ContentLength > maxBytes)
        {
            return (null, tooLarge);
        }

        var body = new ArrayBufferWriter<byte>();
        try
        {
            while (await http.Request.Body.ReadAsync(body.GetMemory(4096), cancellationToken).ConfigureAwait(false) is > 0 and var read)
            {
                body.Advance(read);
                if (body.WrittenCount > maxBytes)
                {
                    return (null, tooLarge);
                }
            }
        }
        catch (BadHttpRequestException exception)
        {
            return (null, exception.StatusCode == StatusCodes.Status413PayloadTooLarge ? tooLarge : new Problem(exception.StatusCode, "bad-request", exception.Message));
        }

        if (body.WrittenCount == 0)
        {
            return (new CommandRequest(default, null, false), null);
        }

        if (!http.Request.HasJsonContentType())
        {
            return (null, new Problem(StatusCodes.Status415UnsupportedMediaType, "not-json", "a request body is application/json"));
        }

        try
        {
            using var document = JsonDocument.Parse(body.WrittenMemory);
            return Read(document.RootElement.Clone());
        }
        catch (JsonException exception)
        {
            return (null, Malformed($"the body is no JSON: {exception.Message}"));
        }
        catch (InvalidOperationException)
        {
            return (null, Malformed("the body has a text that is not Unicode"));
        }
    }

    private static (CommandRequest? Request, Problem? Problem) Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return (null, Malformed(Rule));
        }

        JsonElement arguments = default;
        string[]? words = null;
        var isConfirmed = false;
        foreach (var property in json.EnumerateObject())
        {
            switch (property.Name)
            {
                case "arguments":
                    arguments = property.Value;
                    break;
                case "words" when property.Value.ValueKind == JsonValueKind.Array && property.Value.EnumerateArray().All(word => word.ValueKind == JsonValueKind.String):
                    words = [.. property.Value.EnumerateArray().Select(word => word.GetString()!)];
                    break;
                case "confirm" when property.Value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                    isConfirmed = property.Value.GetBoolean();
                    break;
                default:
                    return (null, Malformed($"\"{CommandException.Show(property.Name)}\" is not understood: {Rule}"));
            }
        }

        return words is not null && arguments.ValueKind != JsonValueKind.Undefined ? (null, Malformed(Rule)) : (new CommandRequest(arguments, words, isConfirmed), null);
    }

    private static Problem Malformed(string detail) => new(StatusCodes.Status400BadRequest, "malformed", detail);
}
