using AkkaDurable.Supervision.Internal.State;

namespace AkkaDurable.Supervision.Tests.Support;

/// <summary>Runs a supervisor's state without actors: carries out its commands at once, as scripted, and writes down what happens.</summary>
internal sealed class Simulation
{
    private readonly ISupervisorState _state;
    private readonly Queue<SupervisorEvent> _events = new();
    private readonly Dictionary<string, Queue<object>> _outcomes = [];
    private readonly Dictionary<long, string> _running = [];
    private readonly HashSet<string> _held = [];
    private readonly Dictionary<long, string> _heldStops = [];
    private readonly Dictionary<long, string> _heldStarts = [];
    private readonly List<(TimeSpan Due, SupervisorEvent Event)> _timers = [];
    private bool _isBusy;

    public Simulation(ChildSpec spec, Func<double>? random = null)
    {
        _state = spec switch
        {
            SupervisorSpec ordered => new SupervisorState(ordered, random ?? (() => 0.5)),
            DynamicSupervisorSpec dynamic => new DynamicState(dynamic, random ?? (() => 0.5)),
            _ => throw new ArgumentException("no supervisor", nameof(spec)),
        };
    }

    /// <summary>What happened since the last look: "start a", "stop b (after 5 s)", "reply x Running", "ready", "end shutdown".</summary>
    public List<string> Trace { get; } = [];

    /// <summary>What was reported, apart from the trace.</summary>
    public List<string> Reports { get; } = [];

    public TimeSpan Now { get; private set; }

    /// <summary>Called before each start and stop is carried out.</summary>
    public Action<string>? Before { get; set; }

    /// <summary>What a start comes to, when it is not scripted by <see cref="Next"/>.</summary>
    public Func<string, Model.Outcome>? Outcome { get; set; }

    /// <summary>The supervisor has ended, or did not start.</summary>
    public bool IsOver { get; private set; }

    public IEnumerable<ChildRecord> Children => _state.Children;

    public Simulation Begin()
    {
        Give(new SupervisorEvent.Begin());
        return this;
    }

    /// <summary>What the next starts of a child come to: null starts, a reason fails, <see cref="Ignore"/> ignores.</summary>
    public Simulation Next(string id, params object?[] outcomes)
    {
        var queue = _outcomes.TryGetValue(id, out var known) ? known : _outcomes[id] = new Queue<object>();
        Array.ForEach(outcomes, outcome => queue.Enqueue(outcome ?? Ok));
        return this;
    }

    public static object Ignore { get; } = new();

    private static object Ok { get; } = new();

    /// <summary>Leaves the starts and stops of a child unanswered until it is released.</summary>
    public Simulation Hold(string id)
    {
        _held.Add(id);
        return this;
    }

    public Simulation Release(string id, ExitReason? reason = null)
    {
        _held.Remove(id);
        foreach (var (run, _) in _heldStarts.Where(pair => pair.Value == id).ToArray())
        {
            _heldStarts.Remove(run);
            AnswerStart(run, id);
        }

        foreach (var (run, _) in _heldStops.Where(pair => pair.Value == id).ToArray())
        {
            _heldStops.Remove(run);
            _running.Remove(run);
            Give(new SupervisorEvent.Exited(run, reason ?? ExitReason.Shutdown));
        }

        return this;
    }

    public long RunOf(string id) => _running.LastOrDefault(pair => pair.Value == id).Key;

    public bool IsRunning(string id) => RunOf(id) != 0;

    public Simulation Exit(string id, ExitReason reason)
    {
        var run = RunOf(id);
        _running.Remove(run);
        Give(new SupervisorEvent.Exited(run, reason));
        return this;
    }

    public Simulation Stop(ExitReason? reason = null) => Give(new SupervisorEvent.Stop(reason ?? ExitReason.Shutdown));

    /// <summary>Asks for something; the answer is in the trace by the verb.</summary>
    public Simulation Request(string verb, string id, Restart restart = Restart.Permanent) => Give(verb switch
    {
        "start" => new SupervisorEvent.StartChild(verb, Specs.Child(id, restart)),
        "restart" => new SupervisorEvent.RestartChild(verb, id),
        "terminate" => new SupervisorEvent.TerminateChild(verb, id),
        "delete" => new SupervisorEvent.DeleteChild(verb, id),
        _ => throw new ArgumentOutOfRangeException(nameof(verb)),
    });

    public Simulation Crash(string id) => Exit(id, ExitReason.Error("crash"));

    public Simulation Give(SupervisorEvent happened)
    {
        _events.Enqueue(happened);
        if (_isBusy)
        {
            return this;
        }

        _isBusy = true;
        while (_events.TryDequeue(out var next))
        {
            foreach (var command in _state.Handle(next, Now))
            {
                CarryOut(command);
            }
        }

        _isBusy = false;
        return this;
    }

    public Simulation Advance(TimeSpan time)
    {
        var until = Now + time;
        while (_timers.Where(timer => timer.Due <= until).OrderBy(timer => timer.Due).FirstOrDefault() is { Event: not null } timer)
        {
            _timers.Remove(timer);
            Now = timer.Due;
            Give(timer.Event);
        }

        Now = until;
        return this;
    }

    public Simulation Advance(int milliseconds) => Advance(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>Takes the trace and empties it.</summary>
    public string[] Take()
    {
        string[] taken = [.. Trace];
        Trace.Clear();
        return taken;
    }

    private void CarryOut(SupervisorCommand command)
    {
        switch (command)
        {
            case SupervisorCommand.Start { Run: var run, Spec.Id: var id }:
                Trace.Add($"start {id}");
                Before?.Invoke(id);
                if (_held.Contains(id))
                {
                    _heldStarts.Add(run, id);
                    break;
                }

                AnswerStart(run, id);
                break;
            case SupervisorCommand.CancelStart { Run: var run }:
                Trace.Add($"cancel {_heldStarts[run]}");
                break;
            case SupervisorCommand.StopRun { Run: var run, Shutdown: var shutdown }:
                Trace.Add($"stop {_running[run]}");
                Before?.Invoke(_running[run]);
                if (_held.Contains(_running[run]))
                {
                    _heldStops.Add(run, _running[run]);
                    break;
                }

                _running.Remove(run);
                _events.Enqueue(new SupervisorEvent.Exited(run, shutdown.IsBrutalKill ? ExitReason.Killed : ExitReason.Shutdown));
                break;
            case SupervisorCommand.Reply reply:
                Trace.Add($"reply {reply.Token} {reply.Error}");
                break;
            case SupervisorCommand.TryAgainAfter { Id: var id, Ticket: var ticket, Delay: var delay }:
                if (delay == TimeSpan.Zero)
                {
                    _events.Enqueue(new SupervisorEvent.TryAgain(id, ticket));
                }
                else
                {
                    _timers.Add((Now + delay, new SupervisorEvent.TryAgain(id, ticket)));
                }

                break;
            case SupervisorCommand.SettleAfter { Run: var run, Time: var time }:
                _timers.Add((Now + time, new SupervisorEvent.StayedUp(run)));
                break;
            case SupervisorCommand.Report report:
                Reports.Add($"{report.Kind} {report.Id} {report.Reason}");
                break;
            case SupervisorCommand.Ready:
                Trace.Add("ready");
                break;
            case SupervisorCommand.FailStart { Reason: var reason }:
                IsOver = true;
                Trace.Add($"failed {reason}");
                break;
            case SupervisorCommand.End { Reason: var reason, Escalated: var escalated }:
                IsOver = true;
                Trace.Add($"end {reason}{(escalated ? " escalated" : "")}");
                break;
        }
    }

    private void AnswerStart(long run, string id)
    {
        var outcome = _outcomes.TryGetValue(id, out var queue) && queue.TryDequeue(out var scripted) ? scripted : Outcome?.Invoke(id) switch
        {
            Model.Outcome.Ignore => Ignore,
            Model.Outcome.Fail => ExitReason.Error("start"),
            _ => Ok,
        };
        if (outcome is ExitReason reason)
        {
            Answer(new SupervisorEvent.StartFailed(run, reason));
        }
        else if (outcome == Ignore)
        {
            Answer(new SupervisorEvent.Ignored(run));
        }
        else
        {
            _running.Add(run, id);
            Answer(new SupervisorEvent.Started(run));
        }
    }

    private void Answer(SupervisorEvent answer)
    {
        if (_isBusy)
        {
            _events.Enqueue(answer);
        }
        else
        {
            Give(answer);
        }
    }
}
