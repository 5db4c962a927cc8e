using System.Diagnostics;

namespace AkkaDurable.Internal.Telemetry;

/// <summary>The traced handlers whose changes wait for a save: some of them, and how many there are.</summary>
internal sealed class UnsavedSpans
{
    // A save may cover thousands of calls; OpenTelemetry drops links beyond 128 by default.
    public const int MaxLinks = 64;

    private List<ActivityLink>? _others;

    public TraceOrigin? First { get; private set; }

    public IReadOnlyList<ActivityLink>? Others => _others;

    public int Count { get; private set; }

    public void Add(Activity span)
    {
        Count++;
        if (First is null)
        {
            First = TraceOrigin.Of(span);
        }
        else if (_others is null || _others.Count < MaxLinks)
        {
            (_others ??= []).Add(new ActivityLink(span.Context));
        }
    }
}
