using System.Text;
using System.Text.Json;
using AkkaDurable.Management.Internal.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AkkaDurable.Management.Internal.Dashboard;

/// <summary>
/// One viewer's stream: <c>viewer</c>, who it is; then each section of the board as it is and whenever it changes, the newest events as <c>event</c>, and a <c>beat</c> with the sections' ages, by which a page knows that
/// its figures are not old. A viewer that reads slowly skips what has been replaced meanwhile.
/// </summary>
internal sealed class ViewerStream(HttpContext http, Board board, TimeProvider time)
{
    private static readonly TimeSpan s_beat = TimeSpan.FromSeconds(2);

    // What changes at once is told at once, and nobody is told more often than the eye can see.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    public async Task RunAsync(Gate.Caller caller, bool allowsChanges, string node, CancellationToken cancellationToken)
    {
        using var seat = board.Enter();
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await http.Response.StartAsync(cancellationToken).ConfigureAwait(false);
        await SendAsync(EventOf("viewer", json =>
        {
            json.WriteString("name", caller.Name);
            json.WriteBoolean("permitted", caller.IsPermitted);
            json.WriteBoolean("allowsChanges", allowsChanges);
            json.WriteString("node", node);
            json.WriteString("at", time.GetUtcNow());
        }), cancellationToken).ConfigureAwait(false);

        long known = 0;
        var beaten = time.GetTimestamp();
        while (board.IsWatching)
        {
            var news = board.Since(known);
            known = news.Version;
            foreach (var section in news.Sections)
            {
                await WriteAsync(section.Text, cancellationToken).ConfigureAwait(false);
            }

            foreach (var item in news.Events)
            {
                await WriteAsync(item.Text, cancellationToken).ConfigureAwait(false);
            }

            var toBeat = s_beat - time.GetElapsedTime(beaten);
            if (toBeat <= TimeSpan.Zero)
            {
                await WriteAsync(Beat(), cancellationToken).ConfigureAwait(false);
                beaten = time.GetTimestamp();
                toBeat = s_beat;
            }

            await http.Response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
            await Task.Delay(s_pause, time, cancellationToken).ConfigureAwait(false);
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(news.Changed, Task.Delay(toBeat, time, wait.Token)).ConfigureAwait(false);
            await wait.CancelAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }

        await EndAsync("the watch over the cluster has ended").ConfigureAwait(false);
    }

    /// <summary>Says why it ends, if that can still be said.</summary>
    public Task EndAsync(string reason) =>
        http.RequestAborted.IsCancellationRequested ? Task.CompletedTask : SendAsync(EventOf("end", json => json.WriteString("reason", reason)), http.RequestAborted);

    private byte[] Beat() => EventOf("beat", json =>
    {
        json.WriteString("at", time.GetUtcNow());
        json.WriteStartObject("ages");
        foreach (var (name, age) in board.Ages())
        {
            json.WriteNumber(name, Math.Round(age.TotalSeconds, 1));
        }

        json.WriteEndObject();
    });

    private static byte[] EventOf(string name, Action<Utf8JsonWriter> write) =>
    [
        .. Encoding.UTF8.GetBytes($"event: {name}\ndata: "),
        .. OutputJson.Write(json =>
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }),
        .. "\n\n"u8,
    ];

    private async Task SendAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        await WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        await http.Response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private Task WriteAsync(byte[] bytes, CancellationToken cancellationToken) => http.Response.Body.WriteAsync(bytes, cancellationToken).AsTask();
}
