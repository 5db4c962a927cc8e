using System.Net.Http.Headers;
using System.Text.Json;

namespace AkkaDurable.Management.Tests.Dashboard;

/// <summary>One viewer of a dashboard: reads its stream.</summary>
internal sealed class LiveReader : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(40);

    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    // What was told last of each section: it is told again only when it changes.
    private readonly Dictionary<(string Name, string? Part), JsonElement> _known = [];

    private LiveReader(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _reader = new StreamReader(body);
    }

    public HttpResponseHeaders Headers => _response.Headers;

    public int Status => (int)_response.StatusCode;

    public string? MediaType => _response.Content.Headers.ContentType?.MediaType;

    public static async Task<LiveReader> OpenAsync(HttpClient http, string prefix = "/akka-durable", string? token = null, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{prefix}/live");
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        change?.Invoke(request);
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return new LiveReader(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>The next event of any name; null at the end.</summary>
    public async Task<(string Name, JsonElement Data)?> NextAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        string? name = null;
        while (await _reader.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line["event: ".Length..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                var data = JsonDocument.Parse(line["data: ".Length..]).RootElement;
                Assert.Equal("", await _reader.ReadLineAsync(patience.Token));
                if (name != "event")
                {
                    _known[(name!, name is "shards" or "stored" ? data.GetProperty("type").GetString() : null)] = data;
                }

                return (name!, data);
            }
            else
            {
                Assert.Fail($"neither a name nor data: {line}");
            }
        }

        return null;
    }

    /// <summary>Reads on until an event of a name fulfils a condition, if a section does not do so already.</summary>
    public async Task<JsonElement> UntilAsync(string name, Func<JsonElement, bool>? condition = null)
    {
        foreach (var (_, known) in _known.Where(known => known.Key.Name == name && (condition?.Invoke(known.Value) ?? true)))
        {
            return known;
        }

        var watch = System.Diagnostics.Stopwatch.StartNew();
        JsonElement last = default;
        while (watch.Elapsed < s_patience)
        {
            var (found, data) = await NextAsync() ?? throw new Xunit.Sdk.XunitException($"The stream has ended before there was the {name} that was waited for; the last one was {Text(last)}");
            if (found == name)
            {
                last = data;
                if (condition?.Invoke(data) ?? true)
                {
                    return data;
                }
            }
        }

        throw new Xunit.Sdk.XunitException($"There was no such {name} within {s_patience.TotalSeconds:0} s; the last one was {Text(last)}");
    }

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }

    private static string Text(JsonElement element) => element.ValueKind == JsonValueKind.Undefined ? "never there" : element.GetRawText();
}
