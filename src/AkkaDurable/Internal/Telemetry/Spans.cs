using System.Diagnostics;

namespace AkkaDurable.Internal.Telemetry;

/// <summary>
/// The spans of calls and of what servers do. Names and tags follow OpenTelemetry's conventions for RPC and messaging. Whoever makes one asks <see cref="AreWanted"/> first, which is all that happens while nobody listens.
/// Safe for concurrent use.
/// </summary>
internal static class Spans
{
    public const string TypeTag = "akka_durable.type";
    public const string KeyTag = "akka_durable.key";
    public const string NodeTag = "akka_durable.node";
    public const string AttemptsTag = "akka_durable.attempts";
    public const string TimerTag = "akka_durable.timer";
    public const string SaveHandlersTag = "akka_durable.save.handlers";
    public const string SaveSizeTag = "akka_durable.save.size";
    public const string ErrorTag = "error.type";

    private const string System = "akka_durable";

    private static readonly ActivitySource s_source = new(DurableTelemetry.ActivitySourceName, typeof(Spans).Assembly.GetName().Version?.ToString(3));

    public static bool AreWanted => s_source.HasListeners();

    /// <summary>A call, as its caller sees it. It is not current: whoever called goes on with its own.</summary>
    public static Activity? Client(string serverType, string key, string method)
    {
        var current = Activity.Current;
        var span = s_source.StartActivity($"{serverType}/{method}", ActivityKind.Client);
        if (span is null)
        {
            return null;
        }

        Activity.Current = current;
        return span.IsAllDataRequested ? Rpc(span, serverType, key, method) : span;
    }

    /// <summary>A cast that is given to be sent.</summary>
    /// <returns>What the cast carries.</returns>
    public static TraceOrigin? Producer(string serverType, string key)
    {
        var current = Activity.Current;
        var span = s_source.StartActivity($"send {serverType}", ActivityKind.Producer);
        if (span is { IsAllDataRequested: true })
        {
            Message(span, serverType, key, "send");
        }

        span?.Stop();
        Activity.Current = current;
        return TraceOrigin.Of(span ?? current);
    }

    /// <summary>The handler of a call; current from here on.</summary>
    public static Activity? Server(TraceOrigin? origin, string serverType, string key, string method)
    {
        var span = Start($"{serverType}/{method}", ActivityKind.Server, origin);
        return span is { IsAllDataRequested: true } ? Rpc(span, serverType, key, method) : span;
    }

    /// <summary>The handler of a message that nobody waits for; current from here on.</summary>
    public static Activity? Consumer(TraceOrigin? origin, string serverType, string key)
    {
        var span = Start($"process {serverType}", ActivityKind.Consumer, origin);
        return span is { IsAllDataRequested: true } ? Message(span, serverType, key, "process") : span;
    }

    /// <summary>Something that a server does by itself; current from here on.</summary>
    /// <param name="what">One word.</param>
    /// <param name="origin">What it belongs to; null: nothing.</param>
    /// <param name="serverType">The server's type.</param>
    /// <param name="key">The server's key.</param>
    /// <param name="links">What else has led to it.</param>
    public static Activity? Internal(string what, TraceOrigin? origin, string serverType, string key, IEnumerable<ActivityLink>? links = null)
    {
        var span = Start($"{what} {serverType}", ActivityKind.Internal, origin, links);
        return span is { IsAllDataRequested: true } ? Named(span, serverType, key) : span;
    }

    /// <summary>Ends a span. What is current on this thread stays so: the span may have begun on any other.</summary>
    public static void End(Activity span, Exception? error)
    {
        if (error is not null)
        {
            Fail(span, error);
        }

        var current = Activity.Current;
        span.Stop();
        Activity.Current = ReferenceEquals(current, span) ? null : current;
    }

    public static void Fail(Activity span, Exception error) => Fail(span, error.GetType().FullName!, error.Message);

    public static void Fail(Activity span, string errorType, string? message = null)
    {
        if (span.IsAllDataRequested)
        {
            span.SetStatus(ActivityStatusCode.Error, message);
            span.SetTag(ErrorTag, errorType);
        }
    }

    private static Activity? Start(string name, ActivityKind kind, TraceOrigin? origin, IEnumerable<ActivityLink>? links = null)
    {
        // Whatever is current has come along with the thread, and has nothing to do with it.
        Activity.Current = null;
        return s_source.StartActivity(name, kind, origin?.Context ?? default, links: links);
    }

    private static Activity Rpc(Activity span, string serverType, string key, string method) =>
        Named(span.SetTag("rpc.system", System).SetTag("rpc.service", serverType).SetTag("rpc.method", method), serverType, key);

    private static Activity Message(Activity span, string serverType, string key, string operation) =>
        Named(span.SetTag("messaging.system", System).SetTag("messaging.destination.name", serverType).SetTag("messaging.operation.type", operation).SetTag("messaging.operation.name", operation), serverType, key);

    private static Activity Named(Activity span, string serverType, string key) => span.SetTag(TypeTag, serverType).SetTag(KeyTag, key);
}
