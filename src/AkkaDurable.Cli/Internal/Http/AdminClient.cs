using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace AkkaDurable.Cli.Internal.Http;

/// <summary>Speaks to a node's admin API.</summary>
internal sealed class AdminClient : IDisposable
{
    private static readonly TimeSpan s_connect = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;
    private readonly AdminAddress _address;

    /// <param name="address">Where it is.</param>
    /// <param name="token">The token, if there is one.</param>
    public AdminClient(AdminAddress address, string? token)
    {
        _address = address;
        if (token is not null && address.IsExposed)
        {
            throw new CliException($"{Text.Plain(address.Shown)} is on another machine and not HTTPS: the token is not sent there in the clear");
        }

        // No proxy and no redirect: the token is for this node and nobody else.
        var handler = new SocketsHttpHandler { ConnectTimeout = s_connect, UseProxy = false, AllowAutoRedirect = false };
        if (address.Socket is { } path)
        {
            handler.ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            };
        }

        _http = new HttpClient(handler) { BaseAddress = address.Url, Timeout = Timeout.InfiniteTimeSpan };
        if (token is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    public string Shown => Text.Plain(_address.Shown);

    public async Task<Model> ModelAsync(CancellationToken cancellationToken)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Get, "commands"), cancellationToken).ConfigureAwait(false);
        await ThrowIfRefusedAsync(response, cancellationToken).ConfigureAwait(false);
        return Model.Read(await ReadAsync(response, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Runs a command.</summary>
    /// <param name="words">Palette, verb and the rest.</param>
    /// <param name="isConfirmed">Whether it is meant.</param>
    /// <param name="follows">Told whether it goes on until it is ended.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What it tells, each as the node wrote it.</returns>
    /// <exception cref="ProblemException">It was refused, or failed.</exception>
    public async IAsyncEnumerable<(string Event, string Data)> RunAsync(IReadOnlyList<string> words, bool isConfirmed, Action<bool> follows, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"commands/{Uri.EscapeDataString(words[0])}/{Uri.EscapeDataString(words[1])}") { Content = Body(words.Skip(2), isConfirmed) };
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        await ThrowIfRefusedAsync(response, cancellationToken).ConfigureAwait(false);
        follows(response.Headers.TryGetValues("Akka-Durable-Follows", out var values) && values.Contains("true"));
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), Encoding.UTF8);
        var name = "";
        while (await LineAsync(reader, cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line[7..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                if (name == "error")
                {
                    throw new ProblemException(line[6..]);
                }

                if (name == "end")
                {
                    yield break;
                }

                yield return (name, line[6..]);
            }
        }

        throw new CliException($"{Shown} ended the answer in the middle: what was asked for may have been done or not");
    }

    public void Dispose() => _http.Dispose();

    private static ByteArrayContent Body(IEnumerable<string> words, bool isConfirmed)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("words");
            foreach (var word in words)
            {
                json.WriteStringValue(word);
            }

            json.WriteEndArray();
            json.WriteBoolean("confirm", isConfirmed);
            json.WriteEndObject();
        }

        return new ByteArrayContent(buffer.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException exception)
        {
            throw new CliException($"{Shown} does not answer: {Text.Plain(exception.Message)}", inner: exception);
        }
        catch (TaskCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CliException($"{Shown} does not answer within {s_connect.TotalSeconds:0} s", inner: exception);
        }
        finally
        {
            request.Dispose();
        }
    }

    private async Task<string?> LineAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            throw new CliException($"{Shown} went away in the middle of its answer: what was asked for may have been done or not", inner: exception);
        }
    }

    private async Task ThrowIfRefusedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        if (response.Content.Headers.ContentType?.MediaType == "application/problem+json")
        {
            throw new ProblemException(await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false));
        }

        throw new CliException($"{Shown} answered {(int)response.StatusCode}: is there an admin API of AkkaDurable?");
    }

    private async Task<JsonElement> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false));
            return document.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            throw new CliException($"{Shown} answered something else than JSON: is there an admin API of AkkaDurable?", inner: exception);
        }
    }
}
