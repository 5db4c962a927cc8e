using AkkaDurable.Supervision.Internal.Specs;

namespace AkkaDurable.Supervision.Internal.State;

/// <summary>A supervisor with unordered children, as Elixir's <c>DynamicSupervisor</c> decides. Starts and stops of different children do not wait for each other.</summary>
internal sealed class DynamicState(DynamicSupervisorSpec spec, Func<double> random) : ISupervisorState
{
    private readonly RestartWindow _window = new(spec.Intensity);
    private readonly Dictionary<long, DynamicChild> _byRun = [];
    private readonly Dictionary<long, DynamicChild> _byTicket = [];
    private List<SupervisorCommand> _out = [];
    private ExitReason? _end;
    private bool _isEscalated;
    private bool _isOver;
    private long _runs;
    private long _tickets;

    public IEnumerable<ChildRecord> Children => _byRun.Values.Concat(_byTicket.Values).Select(child => child.Record);

    public int Count => _byRun.Count + _byTicket.Count;

    public long Restarts { get; private set; }

    public IReadOnlyList<SupervisorCommand> Handle(SupervisorEvent happened, TimeSpan now)
    {
        _out = [];
        switch (happened)
        {
            case SupervisorEvent.Begin:
                _out.Add(new SupervisorCommand.Ready());
                break;
            case SupervisorEvent.Started { Run: var run } when _byRun.TryGetValue(run, out var child):
                OnStarted(child);
                break;
            case SupervisorEvent.Ignored { Run: var run } when _byRun.Remove(run, out var child):
                Answer(child, ChildError.None);
                Ended(child);
                break;
            case SupervisorEvent.StartFailed { Run: var run, Reason: var reason } when _byRun.Remove(run, out var child):
                OnStartFailed(child, reason);
                break;
            case SupervisorEvent.Exited { Run: var run, Reason: var reason } when _byRun.Remove(run, out var child):
                OnExited(child, reason, now);
                break;
            case SupervisorEvent.StayedUp { Run: var run } when _byRun.TryGetValue(run, out var child) && child.Record.Status == ChildStatus.Settling:
                child.Record.Status = ChildStatus.Running;
                child.Record.Attempts = 0;
                break;
            case SupervisorEvent.TryAgain { Ticket: var ticket } when _byTicket.Remove(ticket, out var child):
                TryAgain(child, now);
                break;
            case SupervisorEvent.Stop { Reason: var reason }:
                EndWith(reason, escalated: false);
                break;
            case SupervisorEvent.Request { Token: var token } when _end is not null:
                Reply(token, ChildError.SupervisorNotRunning);
                break;
            case SupervisorEvent.StartChild request:
                StartChild(request);
                break;
            case SupervisorEvent.TerminateRun request:
                Terminate(request);
                break;
            case SupervisorEvent.Request { Token: var token }:
                Reply(token, ChildError.NoIds);
                break;
        }

        if (_end is not null && _byRun.Count == 0 && !_isOver)
        {
            _isOver = true;
            _out.Add(new SupervisorCommand.End(_end, _isEscalated));
        }

        return _out;
    }

    private void StartChild(SupervisorEvent.StartChild request)
    {
        if (SpecRules.Problem(request.Spec, AutoShutdown.Never, spec.Id) is { } problem)
        {
            Reply(request.Token, ChildError.InvalidSpec, reason: ExitReason.Error(problem));
        }
        else if (Count >= spec.MaxChildren)
        {
            Reply(request.Token, ChildError.MaxChildren);
        }
        else
        {
            Start(new DynamicChild(new ChildRecord(request.Spec)) { Starter = request.Token });
        }
    }

    private void Start(DynamicChild child)
    {
        child.Record.Clear();
        child.Record.Run = ++_runs;
        child.Record.Status = ChildStatus.Starting;
        _byRun.Add(child.Record.Run, child);
        _out.Add(new SupervisorCommand.Start(child.Record.Run, child.Record.Spec));
    }

    private void OnStarted(DynamicChild child)
    {
        var record = child.Record;
        if (child.Starter is null)
        {
            record.Restarts++;
            Restarts++;
        }

        Answer(child, ChildError.None, record.Run);
        if (child.IsUnwanted)
        {
            Stop(child);
            return;
        }

        record.Status = ChildStatus.Running;
        if (record.Spec.Backoff is { } backoff)
        {
            record.Status = ChildStatus.Settling;
            _out.Add(new SupervisorCommand.SettleAfter(record.Run, backoff.StaysUp));
        }
    }

    private void OnStartFailed(DynamicChild child, ExitReason reason)
    {
        if (child.Starter is not null || child.IsUnwanted)
        {
            Answer(child, ChildError.StartFailed, reason: reason);
            Ended(child);
            return;
        }

        _out.Add(new SupervisorCommand.Report(ReportKind.StartError, child.Record.Spec.Id, reason));
        PutOff(child, child.Record.Spec.Backoff is { } backoff ? backoff.Delay(child.Record.Attempts++, random()) : TimeSpan.Zero);
    }

    private void OnExited(DynamicChild child, ExitReason reason, TimeSpan now)
    {
        var record = child.Record;
        if (child.IsUnwanted)
        {
            if (!record.MayEndWith(reason))
            {
                _out.Add(new SupervisorCommand.Report(ReportKind.ShutdownError, record.Spec.Id, reason));
            }

            Ended(child);
            return;
        }

        if (record.Spec.Restart == Restart.Permanent || reason.IsAbnormal)
        {
            _out.Add(new SupervisorCommand.Report(ReportKind.ChildTerminated, record.Spec.Id, reason));
        }

        if ((record.Spec.Restart == Restart.Permanent || (record.Spec.Restart == Restart.Transient && reason.IsAbnormal)) && TryCount(child, now))
        {
            if (record.Spec.Backoff is { } backoff)
            {
                record.IsCounted = true;
                PutOff(child, backoff.Delay(record.Attempts++, random()));
            }
            else
            {
                Start(child);
            }
        }
    }

    private void TryAgain(DynamicChild child, TimeSpan now)
    {
        if (child.Record.IsCounted || TryCount(child, now))
        {
            Start(child);
        }
    }

    private bool TryCount(DynamicChild child, TimeSpan now)
    {
        if (_window.TryAdd(now))
        {
            return true;
        }

        _out.Add(new SupervisorCommand.Report(ReportKind.TooManyRestarts, child.Record.Spec.Id, ExitReason.Shutdown));
        EndWith(ExitReason.Shutdown, escalated: true);
        return false;
    }

    private void PutOff(DynamicChild child, TimeSpan delay)
    {
        var isCounted = child.Record.IsCounted;
        child.Record.Clear();
        child.Record.IsCounted = isCounted;
        child.Record.Status = ChildStatus.Restarting;
        child.Record.Ticket = ++_tickets;
        _byTicket.Add(child.Record.Ticket, child);
        _out.Add(new SupervisorCommand.TryAgainAfter(child.Record.Spec.Id, child.Record.Ticket, delay));
    }

    private void Terminate(SupervisorEvent.TerminateRun request)
    {
        if (!_byRun.TryGetValue(request.Run, out var child))
        {
            // One that waits for its restart is known by the number that it had.
            var waiting = _byTicket.Values.FirstOrDefault(other => other.Record.LastRun == request.Run);
            Reply(request.Token, waiting is not null && _byTicket.Remove(waiting.Record.Ticket) ? ChildError.None : ChildError.NotFound);
            return;
        }

        (child.Terminators ??= []).Add(request.Token);
        GiveUp(child);
    }

    private void EndWith(ExitReason reason, bool escalated)
    {
        if (_end is not null)
        {
            return;
        }

        _end = reason;
        _isEscalated = escalated;
        _byTicket.Clear();
        foreach (var child in _byRun.Values)
        {
            GiveUp(child);
        }
    }

    private void GiveUp(DynamicChild child)
    {
        if (child.IsUnwanted)
        {
            return;
        }

        child.IsUnwanted = true;
        if (child.Record.Status == ChildStatus.Starting)
        {
            _out.Add(new SupervisorCommand.CancelStart(child.Record.Run));
        }
        else
        {
            Stop(child);
        }
    }

    private void Stop(DynamicChild child)
    {
        child.Record.Status = ChildStatus.Stopping;
        _out.Add(new SupervisorCommand.StopRun(child.Record.Run, child.Record.Spec.Shutdown));
    }

    private void Ended(DynamicChild child)
    {
        foreach (var token in child.Terminators ?? [])
        {
            Reply(token, ChildError.None);
        }
    }

    private void Answer(DynamicChild child, ChildError error, long run = 0, ExitReason? reason = null)
    {
        if (child.Starter is { } token)
        {
            child.Starter = null;
            Reply(token, error, run, reason);
        }
    }

    private void Reply(object token, ChildError error, long run = 0, ExitReason? reason = null) => _out.Add(new SupervisorCommand.Reply(token, error, run, reason));

    private sealed class DynamicChild(ChildRecord record)
    {
        public ChildRecord Record { get; } = record;

        /// <summary>Who waits for its first start.</summary>
        public object? Starter { get; set; }

        /// <summary>Who waits for its end.</summary>
        public List<object>? Terminators { get; set; }

        /// <summary>It is to end, or to end as soon as it has started.</summary>
        public bool IsUnwanted { get; set; }
    }
}
