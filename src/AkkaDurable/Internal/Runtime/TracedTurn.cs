using System.Diagnostics;
using AkkaDurable.Internal.Telemetry;

namespace AkkaDurable.Internal.Runtime;

/// <summary>A turn with a span, which ends with it. A class of its own, so that turns without one are no larger for it.</summary>
internal sealed class TracedTurn(ServerProcess process, bool inputIsStored, Activity span) : Turn(process, inputIsStored)
{
    private Activity? _open = span;

    public Activity Span { get; } = span;

    public void Fail(string errorType, string? message)
    {
        if (!Span.IsStopped)
        {
            Spans.Fail(Span, errorType, message);
        }
    }

    public override void Failed(Exception error)
    {
        if (!Span.IsStopped)
        {
            Spans.Fail(Span, error);
            if (Span.IsAllDataRequested)
            {
                Span.AddException(error);
            }
        }
    }

    protected override void OnEnded()
    {
        // By the server's thread, or by that of a handler whose server is gone.
        if (Interlocked.Exchange(ref _open, null) is { } open)
        {
            Spans.End(open, error: null);
        }
    }
}
