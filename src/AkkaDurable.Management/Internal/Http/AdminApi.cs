using Akka.Actor;
using AkkaDurable.Management.Internal.Dashboard;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaDurable.Management.Internal.Http;

/// <summary>The admin API: from a request to a command and its output.</summary>
internal sealed partial class AdminApi
{
    private readonly CommandCatalog _catalog;
    private readonly DurableAdminOptions _options;
    private readonly Func<ActorSystem> _system;
    private readonly IServiceProvider _services;
    private readonly Gate _gate;
    private readonly Slots _streams;
    private readonly Slots _commands;
    private readonly Slots _viewers;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly string _prefix;

    private AdminApi(DurableAdminOptions options, string prefix, Func<ActorSystem> system, IServiceProvider services)
    {
        options.Validate();
        if (options.AuthorizationPolicy is { } policy && services.GetService<IAuthorizationService>() is null)
        {
            throw new DurableConfigurationException("DurableAdminOptions.AuthorizationPolicy", policy, "the app has no policies: it calls services.AddAuthorization to have some");
        }

        _catalog = DurableCommands.CatalogWith(options.Palettes);
        _options = options;
        _prefix = prefix;
        _system = system;
        _services = services;
        _gate = new Gate(options);
        _streams = new Slots(options.MaxOpenStreams);
        _commands = new Slots(options.MaxCommands);
        _viewers = new Slots(options.MaxViewers);
        _log = (services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger("AkkaDurable.Admin");
        _time = services.GetService<TimeProvider>() ?? TimeProvider.System;
    }

    public static RouteGroupBuilder Map(IEndpointRouteBuilder endpoints, DurableAdminOptions options, string prefix, Func<ActorSystem> system, IServiceProvider services)
    {
        var api = new AdminApi(options, prefix.TrimEnd('/'), system, services);
        var group = endpoints.MapGroup(prefix);
        group.MapGet("/", (RequestDelegate)api.PageAsync);
        group.MapGet("/dashboard/{file}", (RequestDelegate)api.PageFileAsync);
        group.MapGet("/live", (RequestDelegate)api.LiveAsync);
        group.MapGet("/commands", (RequestDelegate)api.ModelAsync);
        group.MapGet("/openapi.json", (RequestDelegate)api.OpenApiAsync);
        group.MapPost("/commands/{palette}/{verb}", (RequestDelegate)api.RunAsync);

        // So that the dashboards of other nodes can ask this one.
        endpoints.ServiceProvider.GetService<IHostApplicationLifetime>()?.ApplicationStarted.Register(() => NodeAgent.Start(system()));
        return group;
    }

    private async Task ModelAsync(HttpContext http)
    {
        if (await AdmitAsync(http).ConfigureAwait(false) is not null)
        {
            var node = Akka.Cluster.Cluster.Get(_system()).SelfAddress.ToString();
            await SendAsync(http, StatusCodes.Status200OK, "application/json", OutputJson.Write(json => ModelJson.Write(json, _catalog, node, _gate.AllowsChanges))).ConfigureAwait(false);
        }
    }

    private async Task OpenApiAsync(HttpContext http)
    {
        if (await AdmitAsync(http).ConfigureAwait(false) is not null)
        {
            await SendAsync(http, StatusCodes.Status200OK, "application/json", OutputJson.Write(json => OpenApi.Write(json, _catalog, _prefix))).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(HttpContext http)
    {
        if (await AdmitAsync(http).ConfigureAwait(false) is not { } caller)
        {
            return;
        }

        var (request, unread) = await CommandRequest.ReadAsync(http, _options.MaxBodyBytes, http.RequestAborted).ConfigureAwait(false);
        if (request is null)
        {
            await SendAsync(http, unread!).ConfigureAwait(false);
            return;
        }

        CommandCall call;
        try
        {
            var palette = (string)http.Request.RouteValues["palette"]!;
            var verb = (string)http.Request.RouteValues["verb"]!;
            call = request.Words is { } words ? _catalog.Parse([palette, verb, .. words]) : _catalog.Parse(palette, verb, request.Arguments);
        }
        catch (CommandException error)
        {
            await SendAsync(http, Problem.Of(error)).ConfigureAwait(false);
            return;
        }

        var wantsEvents = http.Request.GetTypedHeaders().Accept.Any(accept => accept.MediaType.Equals("text/event-stream", StringComparison.OrdinalIgnoreCase));
        var refusal = _gate.Refuse(caller, call, request.IsConfirmed)
            ?? (call.Command.Follows && !wantsEvents ? new Problem(StatusCodes.Status406NotAcceptable, "follows", $"{call.Palette.Name} {call.Command.Name} goes on until it is ended: ask for it with Accept: text/event-stream") : null);
        if (refusal is not null)
        {
            LogRefused(_log, caller.From, call.ToString(), refusal.Detail);
            await SendAsync(http, refusal).ConfigureAwait(false);
            return;
        }

        var slots = call.Command.Follows ? _streams : _commands;
        if (!slots.TryTake())
        {
            http.Response.Headers.RetryAfter = "5";
            await SendAsync(http, new Problem(StatusCodes.Status429TooManyRequests, "too-many", call.Command.Follows ? $"{_options.MaxOpenStreams} streams are open already" : $"{_options.MaxCommands} commands are running already")).ConfigureAwait(false);
            return;
        }

        try
        {
            await RunAsync(http, caller, call, wantsEvents).ConfigureAwait(false);
        }
        finally
        {
            slots.Free();
        }
    }

    private async Task RunAsync(HttpContext http, Gate.Caller caller, CommandCall call, bool wantsEvents)
    {
        using var time = new CancellationTokenSource(call.Command.Follows ? _options.MaxStreamDuration : _options.MaxDuration, _time);
        var stopping = http.RequestServices.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, time.Token, stopping);
        IReply reply = wantsEvents ? new EventReply(http, call, _time) : new JsonReply(http, call);
        var outcome = "done";
        try
        {
            await reply.RunAsync(call.RunAsync(_system(), _services, caller.Name, end.Token), end.Token).ConfigureAwait(false);
        }
        catch (CommandException error)
        {
            outcome = error.Message;
            await reply.FailAsync(Problem.Of(error)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            outcome = http.RequestAborted.IsCancellationRequested ? "the caller went away" : time.IsCancellationRequested ? "its time was over" : "the node stops";
            if (!http.RequestAborted.IsCancellationRequested)
            {
                await reply.CutAsync(new Problem(StatusCodes.Status504GatewayTimeout, "cut-off", $"{call.Palette.Name} {call.Command.Name} was ended: {outcome}"), call.Command.Follows).ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // A handler may be the app's: what it throws ends this command, is logged whole, and the caller is told no more than that.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            outcome = exception.GetType().Name;
            LogFailed(_log, exception, call.ToString());
            await reply.FailAsync(new Problem(StatusCodes.Status500InternalServerError, "failed", $"{call.Palette.Name} {call.Command.Name} failed: {outcome}; the node's log says more")).ConfigureAwait(false);
        }
        finally
        {
            if (call.Command.Effect != CommandEffect.Reads)
            {
                LogCommand(_log, caller.Name, caller.From, call.ToString(), outcome);
            }
        }
    }

    private async Task<Gate.Caller?> AdmitAsync(HttpContext http)
    {
        var (caller, problem) = await _gate.AdmitAsync(http).ConfigureAwait(false);
        if (problem is not null)
        {
            await RefuseAsync(http, problem).ConfigureAwait(false);
        }

        return caller;
    }

    private Task RefuseAsync(HttpContext http, Problem problem)
    {
        LogRefused(_log, http.Connection.RemoteIpAddress?.ToString() ?? "local socket", $"{http.Request.Method} {CommandException.Show(http.Request.Path)}", problem.Code);
        return SendAsync(http, problem);
    }

    private static Task SendAsync(HttpContext http, Problem problem) => SendAsync(http, problem.Status, "application/problem+json", OutputJson.Write(json => OutputJson.Problem(json, problem)));

    internal static async Task SendAsync(HttpContext http, int status, string type, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        http.Response.ContentLength = body.Length;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        if (status == StatusCodes.Status401Unauthorized)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
        }

        await http.Response.Body.WriteAsync(body, http.RequestAborted).ConfigureAwait(false);
    }
}
