using System.Diagnostics;

namespace AkkaDurable.Internal.Telemetry;

/// <summary>The span that a message comes from, as it travels with it. Immutable.</summary>
internal sealed class TraceOrigin
{
    // As much as W3C asks everybody to pass on. A longer one is left out, not cut.
    private const int MaxState = 512;

    private TraceOrigin(ActivityContext context) => Context = context;

    public ActivityContext Context { get; }

    public bool IsRecorded => (Context.TraceFlags & ActivityTraceFlags.Recorded) != 0;

    /// <summary>W3C's <c>traceparent</c>.</summary>
    public string Parent => $"00-{Context.TraceId.ToHexString()}-{Context.SpanId.ToHexString()}-{(IsRecorded ? "01" : "00")}";

    /// <summary>W3C's <c>tracestate</c>; empty for none.</summary>
    public string State => Context.TraceState is { Length: <= MaxState } state ? state : "";

    /// <summary>Null for none.</summary>
    public static TraceOrigin? Of(Activity? span)
    {
        if (span is not { IdFormat: ActivityIdFormat.W3C })
        {
            return null;
        }

        // A listener makes no span below a local one that is not recorded, and relies on that one being current. Beyond a mailbox it is not: told that it is remote, the listener makes one that carries the decision on.
        var context = span.Context;
        return new(new ActivityContext(context.TraceId, context.SpanId, context.TraceFlags, context.TraceState, isRemote: (context.TraceFlags & ActivityTraceFlags.Recorded) == 0));
    }

    /// <summary>What came over the wire. Null if it is absent or says nothing; that is no reason to refuse the message.</summary>
    public static TraceOrigin? Read(string parent, string state) =>
        parent.Length != 0 && ActivityContext.TryParse(parent, state.Length is > 0 and <= MaxState ? state : null, isRemote: true, out var context) ? new(context) : null;
}
