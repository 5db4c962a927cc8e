namespace AkkaDurable.Supervision.Internal.State;

/// <summary>A supervisor with ordered children, as OTP's <c>supervisor</c> decides.</summary>
/// <remarks>
/// <para>OTP's supervisor blocks while it starts and stops children, and everything else waits in its mailbox. Here a start or a stop is a command that is answered by an event; until then an
/// <see cref="Operation"/> is under way and what comes waits in the inbox, in order. Two things do not wait: the answer itself, and the order to end.</para>
/// <para>The end of a child is noted at once, though it is handled in its turn: when the operation comes to stop that child, its end has been dealt with.</para>
/// </remarks>
internal sealed partial class SupervisorState(SupervisorSpec spec, Func<double> random) : ISupervisorState
{
    private readonly RestartWindow _window = new(spec.Intensity);
    private readonly LinkedList<ChildRecord> _children = new();
    private readonly Dictionary<string, LinkedListNode<ChildRecord>> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<long, ChildRecord> _byRun = [];
    private readonly Queue<SupervisorEvent> _inbox = new();
    private List<SupervisorCommand> _out = [];
    private Operation? _operation;
    private ExitReason? _end;
    private bool _isOver;
    private long _runs;
    private long _tickets;

    public IEnumerable<ChildRecord> Children => _children;

    public int Count => _children.Count;

    public long Restarts { get; private set; }

    public IReadOnlyList<SupervisorCommand> Handle(SupervisorEvent happened, TimeSpan now)
    {
        _out = [];
        switch (happened)
        {
            case SupervisorEvent.Started or SupervisorEvent.Ignored or SupervisorEvent.StartFailed:
                OnStartAnswer(happened);
                break;
            case SupervisorEvent.Exited exited:
                OnExited(exited);
                break;
            case SupervisorEvent.StayedUp { Run: var run }:
                OnStayedUp(run);
                break;
            case SupervisorEvent.Stop { Reason: var reason }:
                EndWith(reason, escalated: false);
                break;
            case SupervisorEvent.Request request when _end is not null:
                Reply(request.Token, ChildError.SupervisorNotRunning);
                break;
            default:
                _inbox.Enqueue(happened);
                break;
        }

        while (_operation is null && !_isOver && _inbox.TryDequeue(out var next))
        {
            Take(next, now);
        }

        return _out;
    }

    private void Take(SupervisorEvent happened, TimeSpan now)
    {
        switch (happened)
        {
            case SupervisorEvent.Begin:
                foreach (var child in spec.Children)
                {
                    Add(new ChildRecord(child));
                }

                Run(new Operation(OperationKind.Begin) { NextStart = _children.First });
                break;
            case SupervisorEvent.Exited { Run: var run, Reason: var reason } when _byRun.TryGetValue(run, out var child):
                HandleExit(child, reason, now);
                break;
            // As in OTP, a turn that was meant for an earlier attempt will do for a later one.
            case SupervisorEvent.TryAgain again when _byId.TryGetValue(again.Id, out var node) && node.Value.IsRestarting && node.Value.Ticket == again.Ticket:
                TryAgain(node.Value, now);
                break;
            case SupervisorEvent.StartChild request:
                StartChild(request);
                break;
            case SupervisorEvent.RestartChild request:
                RestartChild(request);
                break;
            case SupervisorEvent.TerminateChild request:
                TerminateChild(request);
                break;
            case SupervisorEvent.DeleteChild request:
                DeleteChild(request);
                break;
            case SupervisorEvent.TerminateRun request:
                Reply(request.Token, ChildError.NotFound);
                break;
        }
    }

    private void OnExited(SupervisorEvent.Exited exited)
    {
        if (!_byRun.TryGetValue(exited.Run, out var child))
        {
            return;
        }

        if (_operation is { IsStopping: true } operation && operation.Waiting == child)
        {
            Stopped(operation, child, exited.Reason);
            Advance(operation);
        }
        else if (child.EarlyExit is null)
        {
            child.EarlyExit = exited.Reason;
            _inbox.Enqueue(exited);
        }
    }

    private void OnStayedUp(long run)
    {
        if (_byRun.TryGetValue(run, out var child) && child.Status == ChildStatus.Settling)
        {
            child.Status = ChildStatus.Running;
            child.Attempts = 0;
        }
    }

    private void HandleExit(ChildRecord child, ExitReason reason, TimeSpan now)
    {
        Unrun(child);
        if (child.Spec.Restart == Supervision.Restart.Permanent || reason.IsAbnormal)
        {
            _out.Add(new SupervisorCommand.Report(ReportKind.ChildTerminated, child.Spec.Id, reason));
        }

        if (child.Spec.Restart == Supervision.Restart.Permanent || (child.Spec.Restart == Supervision.Restart.Transient && reason.IsAbnormal))
        {
            Restart(child, now);
        }
        else
        {
            ForgetIfTemporary(child);
            EndIfSignificant(child);
        }
    }

    private void EndIfSignificant(ChildRecord child)
    {
        var ends = child.Spec.Significant && spec.AutoShutdown switch
        {
            AutoShutdown.AnySignificant => true,
            AutoShutdown.AllSignificant => !_children.Any(other => other.Spec.Significant && other.Status != ChildStatus.Stopped),
            _ => false,
        };
        if (ends)
        {
            EndWith(ExitReason.Shutdown, escalated: false);
        }
    }

    private void Restart(ChildRecord child, TimeSpan now)
    {
        if (!TryCount(child, now))
        {
            return;
        }

        if (child.Spec.Backoff is { } backoff)
        {
            var delay = backoff.Delay(child.Attempts++, random());
            child.IsCounted = true;
            StopGroup(child, delay);
        }
        else
        {
            RestartGroup(child);
        }
    }

    private void TryAgain(ChildRecord child, TimeSpan now)
    {
        if (child.IsCounted || TryCount(child, now))
        {
            child.Clear();
            RestartGroup(child);
        }
    }

    private bool TryCount(ChildRecord child, TimeSpan now)
    {
        if (_window.TryAdd(now))
        {
            return true;
        }

        _out.Add(new SupervisorCommand.Report(ReportKind.TooManyRestarts, child.Spec.Id, ExitReason.Shutdown));
        child.Clear();
        EndWith(ExitReason.Shutdown, escalated: true);
        return false;
    }

    private void EndWith(ExitReason reason, bool escalated)
    {
        if (_end is not null)
        {
            return;
        }

        _end = reason;
        foreach (var request in _inbox.OfType<SupervisorEvent.Request>())
        {
            Reply(request.Token, ChildError.SupervisorNotRunning);
        }

        if (_operation is { } operation)
        {
            // What is under way ends first; a start is told that it is not wanted any more. What waits is never taken: the last operation begins when this one ends.
            operation.IsGivenUp = true;
            if (operation is { IsStopping: false, Waiting: { } starting })
            {
                _out.Add(new SupervisorCommand.CancelStart(starting.Run));
            }

            return;
        }

        StopAll(escalated);
    }
}
