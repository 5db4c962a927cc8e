using System.Diagnostics;

namespace AkkaDurable.Internal.Telemetry;

/// <summary>The traced handlers whose changes wait for a save: some of them, and how many there are.</summary>
internal sealed class UnsavedSpans
{
    // A save may cover thousands of calls; OpenTelemetry drops links beyond 128 by default.
    public const int MaxLinks = 64;

    private List<ActivityLink>? _others;

    /// <summary>The first one that is recorded, or else the first one.</summary>
    public TraceOrigin? First { get; private set; }

    /// <summary>The recorded ones after it.</summary>
    public IReadOnlyList<ActivityLink>? Others => _others;

    public int Count { get; private set; }

    public void Add(Activity span)
    {
        Count++;
        if (First is null or { IsRecorded: false })
        {
            // One that is not recorded has the save not recorded either, unless it covers one that is.
            First = First is null || span.Recorded ? TraceOrigin.Of(span) : First;
        }
        else if (span.Recorded && (_others is null || _others.Count < MaxLinks))
        {
            (_others ??= []).Add(new ActivityLink(span.Context));
        }
    }
}
