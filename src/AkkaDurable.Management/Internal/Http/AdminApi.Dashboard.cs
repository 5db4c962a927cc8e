using AkkaDurable.Management.Internal.Dashboard;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AkkaDurable.Management.Internal.Http;

// The dashboard: the files of its page, and the stream that it lives on.
internal sealed partial class AdminApi
{
    // Nothing but what this node serves, and no script or style in the page itself: whatever a key is called, it is text.
    private const string PagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private Task PageAsync(HttpContext http)
    {
        // Relative addresses in the page begin behind its last slash.
        if (_gate.RefusePage(http) is null && http.Request.Path.Value is { } path && !path.EndsWith('/'))
        {
            http.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
            http.Response.Headers.Location = $"{http.Request.PathBase}{http.Request.Path}/";
            return Task.CompletedTask;
        }

        return FileAsync(http, PageFiles.Index);
    }

    private Task PageFileAsync(HttpContext http) => FileAsync(http, (string)http.Request.RouteValues["file"]!);

    private async Task FileAsync(HttpContext http, string name)
    {
        if (_gate.RefusePage(http) is { } problem)
        {
            await RefuseAsync(http, problem).ConfigureAwait(false);
            return;
        }

        if (PageFiles.Find(name) is not { } file)
        {
            await SendAsync(http, new Problem(StatusCodes.Status404NotFound, "not-found", $"the page has no file {CommandException.Show(name)}")).ConfigureAwait(false);
            return;
        }

        var headers = http.Response.Headers;
        headers.ETag = file.ETag;
        headers.CacheControl = "no-cache";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = PagePolicy;
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (http.Request.Headers.IfNoneMatch.Any(value => value is not null && value.Split(',').Any(tag => tag.Trim() is "*" || tag.Trim() == file.ETag || tag.Trim() == $"W/{file.ETag}")))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        http.Response.ContentType = file.ContentType;
        http.Response.ContentLength = file.Bytes.Length;
        await http.Response.Body.WriteAsync(file.Bytes, http.RequestAborted).ConfigureAwait(false);
    }

    private async Task LiveAsync(HttpContext http)
    {
        if (await AdmitAsync(http).ConfigureAwait(false) is not { } caller)
        {
            return;
        }

        if (!_viewers.TryTake())
        {
            http.Response.Headers.RetryAfter = "5";
            await SendAsync(http, new Problem(StatusCodes.Status429TooManyRequests, "too-many", $"{_options.MaxViewers} dashboards are open already")).ConfigureAwait(false);
            return;
        }

        try
        {
            var system = _system();
            var stream = new ViewerStream(http, Board.Of(system, _services, _time, _log), _time);
            using var time = new CancellationTokenSource(_options.MaxStreamDuration, _time);
            var stopping = http.RequestServices.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None;
            using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, time.Token, stopping);
            try
            {
                await stream.RunAsync(caller, _gate.AllowsChanges, Akka.Cluster.Cluster.Get(system).SelfAddress.ToString(), end.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                await stream.EndAsync(time.IsCancellationRequested ? "its time was over" : "the node stops").ConfigureAwait(false);
            }
        }
        finally
        {
            _viewers.Free();
        }
    }
}
