using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using AkkaDurable.Internal.Telemetry;
using AkkaDurable.Storage;

namespace AkkaDurable.Internal.Runtime;

/// <summary>A save or a delete under way, which becomes the signal that it has ended. Saves are the most frequent work of all, so these objects are used again and again: taken and given back by processes, each on its own thread.</summary>
internal sealed record SaveEnded : Signal
{
    // A thread keeps so many for the next saves.
    private const int MaxKept = 256;

    [ThreadStatic]
    private static SaveEnded? s_kept;

    [ThreadStatic]
    private static int s_keptCount;

    private readonly Action _end;
    private IServerHost? _host;
    private ConfiguredValueTaskAwaitable<SaveOutcome>.ConfiguredValueTaskAwaiter _operation;
    private SaveEnded? _nextKept;
    private Activity? _span;

    private SaveEnded()
        : base(0) => _end = End;

    public SaveOutcome Outcome { get; private set; }

    public Exception? Error { get; private set; }

    /// <summary>When it was begun; 0: nobody wants to know.</summary>
    public long Began { get; private set; }

    /// <summary>The save, if it was traced and somebody may still want to know.</summary>
    public TraceOrigin? Trace { get; private set; }

    /// <summary>Has the end of a save or a delete posted to its server.</summary>
    public static void Await(ValueTask<SaveOutcome> operation, IServerHost host, int incarnation, long began, Activity? span)
    {
        var ended = s_kept;
        if (ended is null)
        {
            ended = new SaveEnded();
        }
        else
        {
            s_kept = ended._nextKept;
            s_keptCount--;
            ended._nextKept = null;
        }

        ended._host = host;
        ended.Began = began;
        ended._span = span;
        ended.Incarnation = incarnation;
        ended._operation = operation.ConfigureAwait(false).GetAwaiter();
        if (ended._operation.IsCompleted)
        {
            ended.End();
        }
        else
        {
            // Nothing flows along: what ends does no more than post itself.
            ended._operation.UnsafeOnCompleted(ended._end);
        }
    }

    /// <summary>Lets the object serve another save. For the process that has received it, once, as the last thing it does with it.</summary>
    public void GiveBack()
    {
        Error = null;
        Trace = null;
        if (s_keptCount < MaxKept)
        {
            _nextKept = s_kept;
            s_kept = this;
            s_keptCount++;
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever the store throws is for the process to judge.")]
    private void End()
    {
        var (operation, host) = (_operation, _host!);
        (_operation, _host) = (default, null);
        try
        {
            Outcome = operation.GetResult();
        }
        catch (Exception exception)
        {
            Error = exception;
        }

        if (_span is { } span)
        {
            _span = null;
            Trace = TraceOrigin.Of(span);
            if (Error is null && Outcome == SaveOutcome.Conflict)
            {
                Spans.Fail(span, "conflict");
            }

            Spans.End(span, Error);
        }

        // From here on it belongs to the process.
        host.Post(this);
    }
}
