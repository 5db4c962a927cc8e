namespace AkkaDurable.Supervision.Tests.Model;

/// <summary>The supervisor written down naively: it blocks, as OTP's does, and everything else waits in its mailbox. What the tested one is compared with.</summary>
internal sealed class ReferenceSupervisor(SupervisorSpec spec, Func<string, Outcome> start, Action<string> beforeStop, List<string> trace)
{
    private readonly List<Child> _children = [];
    private readonly List<Mail> _mailbox = [];
    private readonly List<long> _restarts = [];
    private int _pids;
    private bool _isEnding;

    public bool IsOver { get; private set; }

    public long Now { get; set; }

    public IEnumerable<(string Id, ChildStatus Status)> Children => _children.Select(child => (child.Spec.Id, child switch
    {
        { IsRestarting: true } => ChildStatus.Restarting,
        { Pid: 0 } => ChildStatus.Stopped,
        _ => ChildStatus.Running,
    }));

    /// <summary>Children whose process is alive; one that has crashed is not, also when that is not known yet.</summary>
    public string[] Alive => [.. _children.Where(child => child.IsAlive).Select(child => child.Spec.Id)];

    public void Begin()
    {
        _children.AddRange(spec.Children.Select(child => new Child(child)));
        if (StartAll([.. _children]) is { } failed)
        {
            TerminateAll([.. _children]);
            Refuse();
            trace.Add($"failed {failed}");
            IsOver = true;
            return;
        }

        trace.Add("ready");
        Work();
    }

    /// <summary>A process ends; the supervisor learns of it by its mailbox.</summary>
    public void Exit(string id, ExitReason reason)
    {
        if (_children.Find(child => child.Spec.Id == id && child.IsAlive) is { } child)
        {
            child.IsAlive = false;
            _mailbox.Add(new Mail("exit", child.Spec.Id, child.Pid, reason));
        }
    }

    public void Request(string verb, string id, ChildSpec? child = null)
    {
        if (IsOver || _isEnding)
        {
            trace.Add($"reply {verb} SupervisorNotRunning");
            return;
        }

        _mailbox.Add(new Mail(verb, id, 0, null, child));
    }

    public void Work()
    {
        while (!IsOver && _mailbox.Count > 0)
        {
            var mail = _mailbox[0];
            _mailbox.RemoveAt(0);
            Take(mail);
        }
    }

    public void Stop()
    {
        Refuse();
        _isEnding = true;
        TerminateAll([.. _children]);
        trace.Add("end");
        IsOver = true;
    }

    private void Refuse()
    {
        foreach (var mail in _mailbox.Where(mail => mail.Verb is not ("exit" or "again")))
        {
            trace.Add($"reply {mail.Verb} SupervisorNotRunning");
        }
    }

    private void Take(Mail mail)
    {
        var child = _children.Find(candidate => candidate.Spec.Id == mail.Id);
        switch (mail.Verb)
        {
            case "exit" when child is not null && child.Pid == mail.Pid && child.Pid != 0:
                OnExit(child, mail.Reason!);
                break;
            case "again" when child is { IsRestarting: true }:
                Restart(child);
                break;
            case "start":
                StartChild(mail.Spec!, child);
                break;
            case "restart":
                trace.Add($"reply restart {NotRunningError(child) ?? RestartChild(child!)}");
                break;
            case "delete":
                var error = NotRunningError(child);
                if (error is null)
                {
                    _children.Remove(child!);
                }

                trace.Add($"reply delete {error ?? ChildError.None}");
                break;
            case "terminate" when child is null:
                trace.Add("reply terminate NotFound");
                break;
            case "terminate":
                Terminate(child!);
                Forget(child!);
                trace.Add("reply terminate None");
                break;
        }
    }

    private void OnExit(Child child, ExitReason reason)
    {
        child.Pid = 0;
        if (child.Spec.Restart == AkkaDurable.Supervision.Restart.Permanent || (child.Spec.Restart == AkkaDurable.Supervision.Restart.Transient && reason.IsAbnormal))
        {
            Restart(child);
            return;
        }

        Forget(child);
        if (child.Spec.Significant && (spec.AutoShutdown == AutoShutdown.AnySignificant
            || (spec.AutoShutdown == AutoShutdown.AllSignificant && !_children.Exists(other => other.Spec.Significant && (other.Pid != 0 || other.IsRestarting)))))
        {
            Stop();
        }
    }

    private void Restart(Child child)
    {
        _restarts.Add(Now);
        if (_restarts.Count(then => then >= Now - (long)spec.Intensity.Period.TotalMilliseconds) > spec.Intensity.Restarts)
        {
            Forget(child);
            Stop();
            return;
        }

        child.IsRestarting = false;
        if (spec.Strategy == RestartStrategy.OneForOne)
        {
            Again(StartAll([child]), child);
            return;
        }

        var group = spec.Strategy == RestartStrategy.OneForAll ? [.. _children] : _children.SkipWhile(other => other != child).ToList();
        TerminateAll(group);
        group.RemoveAll(other => !_children.Contains(other));
        Again(StartAll(group), child);
    }

    private void Again(string? failed, Child origin)
    {
        if (failed is not null)
        {
            var child = _children.Find(candidate => candidate.Spec.Id == failed) ?? origin;
            child.IsRestarting = true;
            _mailbox.Add(new Mail("again", child.Spec.Id, 0, null));
        }
    }

    private string? StartAll(List<Child> children)
    {
        foreach (var child in children)
        {
            switch (Start(child))
            {
                case Outcome.Fail:
                    return child.Spec.Id;
                case Outcome.Ignore when child.Spec.Restart == AkkaDurable.Supervision.Restart.Temporary:
                    _children.Remove(child);
                    break;
            }
        }

        return null;
    }

    private Outcome Start(Child child)
    {
        child.IsRestarting = false;
        trace.Add($"start {child.Spec.Id}");
        var outcome = start(child.Spec.Id);
        if (outcome == Outcome.Ok)
        {
            child.Pid = ++_pids;
            child.IsAlive = true;
        }

        return outcome;
    }

    private void StartChild(ChildSpec child, Child? known)
    {
        if (known is not null)
        {
            trace.Add($"reply start {(known.Pid != 0 ? ChildError.AlreadyStarted : ChildError.AlreadyPresent)}");
            return;
        }

        var added = new Child(child);
        _children.Add(added);
        var outcome = Start(added);
        if (outcome == Outcome.Fail || (outcome == Outcome.Ignore && child.Restart == AkkaDurable.Supervision.Restart.Temporary))
        {
            _children.Remove(added);
        }

        trace.Add($"reply start {(outcome == Outcome.Fail ? ChildError.StartFailed : ChildError.None)}");
    }

    private ChildError RestartChild(Child child)
    {
        var outcome = Start(child);
        if (outcome == Outcome.Ignore && child.Spec.Restart == AkkaDurable.Supervision.Restart.Temporary)
        {
            _children.Remove(child);
        }

        return outcome == Outcome.Fail ? ChildError.StartFailed : ChildError.None;
    }

    private static ChildError? NotRunningError(Child? child) => child switch
    {
        null => ChildError.NotFound,
        { IsRestarting: true } => ChildError.Restarting,
        { Pid: not 0 } => ChildError.Running,
        _ => null,
    };

    private void TerminateAll(List<Child> children)
    {
        foreach (var child in Enumerable.Reverse(children))
        {
            Terminate(child);
            child.IsRestarting = false;
            if (child.Spec.Restart == AkkaDurable.Supervision.Restart.Temporary)
            {
                _children.Remove(child);
            }
        }
    }

    private void Terminate(Child child)
    {
        if (child.IsAlive)
        {
            trace.Add($"stop {child.Spec.Id}");
            beforeStop(child.Spec.Id);
            child.IsAlive = false;
        }

        // The end of a process that was to end is not told twice.
        _mailbox.RemoveAll(mail => mail.Verb == "exit" && mail.Pid == child.Pid && child.Pid != 0);
        child.Pid = 0;
    }

    private void Forget(Child child)
    {
        child.Pid = 0;
        child.IsRestarting = false;
        if (child.Spec.Restart == AkkaDurable.Supervision.Restart.Temporary)
        {
            _children.Remove(child);
        }
    }

    private sealed class Child(ChildSpec spec)
    {
        public ChildSpec Spec { get; } = spec;

        public int Pid { get; set; }

        public bool IsAlive { get; set; }

        public bool IsRestarting { get; set; }
    }

    private sealed record Mail(string Verb, string Id, int Pid, ExitReason? Reason, ChildSpec? Spec = null);
}

/// <summary>What a start comes to.</summary>
internal enum Outcome
{
    Ok,
    Ignore,
    Fail,
}
