using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AkkaDurable.Management.Internal.Http;

/// <summary>Server-sent events: one for each output, named after its kind, then <c>end</c> or <c>error</c>. A comment now and then shows that the node still lives.</summary>
internal sealed class EventReply(HttpContext http, CommandCall call, TimeProvider time) : IReply
{
    private static readonly TimeSpan s_beat = TimeSpan.FromSeconds(15);

    // So that a client knows whether to wait for the last row before it draws a table.
    public const string FollowsHeader = "Akka-Durable-Follows";

    private bool _isPartial;

    public async Task RunAsync(IAsyncEnumerable<CommandOutput> output, CancellationToken cancellationToken)
    {
        await using var items = output.GetAsyncEnumerator(cancellationToken);
        var next = items.MoveNextAsync().AsTask();
        try
        {
            // An error that comes at once is still told by the status.
            await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken)).ConfigureAwait(false);
            if (next.IsFaulted)
            {
                await next.ConfigureAwait(false);
            }

            await StartAsync().ConfigureAwait(false);
            while (true)
            {
                using (var beat = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
                {
                    while (await Task.WhenAny(next, Task.Delay(s_beat, time, beat.Token)).ConfigureAwait(false) != next)
                    {
                        cancellationToken.ThrowIfCancellationRequested();
                        await SendAsync(": alive\n\n"u8.ToArray()).ConfigureAwait(false);
                    }

                    await beat.CancelAsync().ConfigureAwait(false);
                }

                if (!await next.ConfigureAwait(false))
                {
                    break;
                }

                _isPartial |= items.Current is CommandOutput.Partial;
                await SendAsync(OutputJson.TypeOf(items.Current), json => OutputJson.Output(json, items.Current)).ConfigureAwait(false);
                next = items.MoveNextAsync().AsTask();
            }

            await EndAsync("done").ConfigureAwait(false);
        }
        finally
        {
            // Its enumerator must not be disposed of while it moves.
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task FailAsync(Problem problem) => http.Response.HasStarted
        ? SendAsync("error", json => OutputJson.Problem(json, problem))
        : AdminApi.SendAsync(http, problem.Status, "application/problem+json", OutputJson.Write(json => OutputJson.Problem(json, problem)));

    public Task CutAsync(Problem problem, bool isExpected) => isExpected && http.Response.HasStarted ? EndAsync("cut-off") : FailAsync(problem);

    private async Task StartAsync()
    {
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers[FollowsHeader] = call.Command.Follows ? "true" : "false";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await http.Response.StartAsync(http.RequestAborted).ConfigureAwait(false);
    }

    private Task EndAsync(string reason) => SendAsync("end", json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("partial", _isPartial);
        json.WriteString("reason", reason);
        json.WriteEndObject();
    });

    private Task SendAsync(string name, Action<Utf8JsonWriter> write) => SendAsync([.. Encoding.UTF8.GetBytes($"event: {name}\ndata: "), .. OutputJson.Write(write), .. "\n\n"u8]);

    private async Task SendAsync(byte[] bytes)
    {
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted).ConfigureAwait(false);
        await http.Response.Body.FlushAsync(http.RequestAborted).ConfigureAwait(false);
    }
}
