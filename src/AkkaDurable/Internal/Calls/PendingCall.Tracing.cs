using System.Diagnostics;
using AkkaDurable.Internal.Telemetry;

namespace AkkaDurable.Internal.Calls;

// The span of a call, as its caller sees it.
internal abstract partial class PendingCall
{
    // Set while the call is traced and open.
    private Activity? _span;

    /// <summary>Has the call traced. Before anything is sent.</summary>
    /// <param name="correlationId">Which call is meant.</param>
    /// <param name="span">Its span; ended with it.</param>
    public void TracedBy(long correlationId, Activity span)
    {
        Interlocked.Exchange(ref _span, span);
        if (CorrelationId != correlationId)
        {
            // Cancelled before; whoever did so may not have seen the span.
            EndSpan(new OperationCanceledException());
        }
    }

    private void EndSpan(Exception? error)
    {
        if (Interlocked.Exchange(ref _span, null) is { } span)
        {
            if (_attempts > 1 && span.IsAllDataRequested)
            {
                span.SetTag(Spans.AttemptsTag, _attempts);
            }

            Spans.End(span, error);
        }
    }
}
