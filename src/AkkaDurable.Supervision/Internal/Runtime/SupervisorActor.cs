using Akka.Actor;
using Akka.Event;
using AkkaDurable.Supervision.Internal.State;
using AkkaDurable.Supervision.Internal.Telemetry;

namespace AkkaDurable.Supervision.Internal.Runtime;

/// <summary>The actor of a supervisor: gives events to the state and carries out its commands.</summary>
internal sealed partial class SupervisorActor : UntypedActor, ISupervisorView
{
    private readonly SupervisorCell _cell;
    private readonly SupervisionContext _supervision;
    private readonly long _runAtParent;
    private readonly ISupervisorState _state;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<long, ChildRun> _runs = [];
    private readonly Dictionary<IActorRef, ChildRun> _byActor = [];
    private readonly Dictionary<long, ITimer> _retries = [];
    private readonly Queue<SupervisorEvent> _events = new();
    private readonly IActorRef _self;
    private readonly long _origin;
    private bool _hasLeftBehind;

    private SupervisorActor(SupervisorCell cell, SupervisionContext supervision, long runAtParent)
    {
        _cell = cell;
        _supervision = supervision;
        _runAtParent = runAtParent;
        _self = Self;
        _origin = supervision.Time.GetTimestamp();
        _state = cell.Spec switch
        {
            SupervisorSpec spec => new SupervisorState(spec, supervision.NextRandom),
            DynamicSupervisorSpec spec => new DynamicState(spec, supervision.NextRandom),
            _ => throw new InvalidOperationException($"{cell.Spec.Id} is no supervisor"),
        };
    }

    /// <summary>The props of a supervisor.</summary>
    /// <param name="cell">Its outside.</param>
    /// <param name="supervision">What the tree shares.</param>
    /// <param name="runAtParent">Its number at the supervisor above; 0: there is none.</param>
    public static Props Props(SupervisorCell cell, SupervisionContext supervision, long runAtParent) =>
        Akka.Actor.Props.CreateBy(new Producer(cell, supervision, runAtParent));

    private bool IsRoot => _runAtParent == 0;

    private bool IsDynamic => _state is DynamicState;

    protected override SupervisorStrategy SupervisorStrategy() => new ChildFailureStrategy();

    protected override void PreStart()
    {
        _cell.Actor = Self;
        Apply(new SupervisorEvent.Begin());
    }

    protected override void PreRestart(Exception reason, object message)
    {
        // Only a root can come here (a supervisor ends a child that threw), and only by a defect: its children's states are gone.
        ExitReasons.Note(Self, ExitReason.Error(reason));
        base.PreRestart(reason, message);
    }

    protected override void PostRestart(Exception reason) => Context.Stop(Self);

    protected override void PostStop()
    {
        foreach (var run in _runs.Values)
        {
            run.Timer?.Dispose();
            run.Starting?.Cancel();
            run.KillHandle();
        }

        foreach (var retry in _retries.Values)
        {
            retry.Dispose();
        }

        _cell.SetExited(ExitReasons.Of(Self), escalated: false);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SupervisorEvent.TryAgain again:
                _retries.Remove(again.Ticket);
                Apply(again);
                break;
            case SupervisorEvent happened:
                Apply(happened);
                break;
            case ChildRequest request:
                Apply(request.Event);
                break;
            case Query query:
                query.AnswerFrom(this);
                break;
            case ActorIdentity { MessageId: long run, Subject: not null }:
                Up(run);
                break;
            case Terminated terminated:
                OnTerminated(terminated.ActorRef);
                break;
            case RunMessage about when _runs.TryGetValue(about.Run, out var run):
                OnRunMessage(about, run);
                break;
            case RunMessage or ActorIdentity:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Apply(SupervisorEvent happened)
    {
        _events.Enqueue(happened);
        if (_events.Count > 1)
        {
            return;
        }

        // What happens while commands are carried out comes behind them.
        while (_events.TryPeek(out var next))
        {
            var restarts = _state.Restarts;
            foreach (var command in _state.Handle(next, _supervision.Time.GetElapsedTime(_origin)))
            {
                CarryOut(command);
            }

            if (_state.Restarts != restarts)
            {
                SupervisionMetrics.Restarted(_supervision.TreeId, _cell.Spec, _state.Restarts - restarts);
            }

            _events.Dequeue();
        }
    }

    private void CarryOut(SupervisorCommand command)
    {
        switch (command)
        {
            case SupervisorCommand.Start start:
                Start(start.Run, start.Spec);
                break;
            case SupervisorCommand.CancelStart cancel when _runs.TryGetValue(cancel.Run, out var run):
                CancelStart(run);
                break;
            case SupervisorCommand.StopRun stop when _runs.TryGetValue(stop.Run, out var run):
                Stop(run, stop.Shutdown);
                break;
            case SupervisorCommand.Reply reply:
                Reply(reply);
                break;
            case SupervisorCommand.TryAgainAfter retry:
                TryAgainAfter(retry);
                break;
            case SupervisorCommand.SettleAfter settle when _runs.TryGetValue(settle.Run, out var run):
                run.Timer = After(settle.Time, new SupervisorEvent.StayedUp(settle.Run));
                break;
            case SupervisorCommand.Report report:
                Report(report);
                break;
            case SupervisorCommand.Ready:
                _cell.SetReady();
                TellParent(new RunMessage.Up(_runAtParent));
                break;
            case SupervisorCommand.FailStart { Reason: var reason }:
                _cell.SetFailed(reason.Exception!);
                End(reason, escalated: false);
                break;
            case SupervisorCommand.End { Reason: var reason, Escalated: var escalated }:
                End(reason, escalated);
                break;
        }
    }

    private void Reply(SupervisorCommand.Reply reply) => ((ChildRequest)reply.Token).Complete(new ChildResult
    {
        Error = reply.Error,
        Number = reply.Run,
        Child = _runs.TryGetValue(reply.Run, out var run) ? ActorOf(run) : null,
        Reason = reply.Reason,
    });

    private void TryAgainAfter(SupervisorCommand.TryAgainAfter retry)
    {
        var again = new SupervisorEvent.TryAgain(retry.Id, retry.Ticket);
        if (retry.Delay == TimeSpan.Zero)
        {
            Self.Tell(again, ActorRefs.NoSender);
            return;
        }

        _retries[retry.Ticket] = After(retry.Delay, again);
    }

    private void End(ExitReason reason, bool escalated)
    {
        ExitReasons.Replace(Self, reason);
        _cell.SetExited(reason, escalated);
        if (_hasLeftBehind)
        {
            // This actor ends only when the last one below does, which may be never; the supervisor above is not to wait for that.
            TellParent(new RunMessage.Down(_runAtParent, reason));
        }

        Context.Stop(Self);
    }

    private void TellParent(object message)
    {
        if (!IsRoot)
        {
            Context.Parent.Tell(message, Self);
        }
    }

    private ITimer After(TimeSpan time, object message) =>
        _supervision.Time.CreateTimer(static state => ((Reminder)state!).Tell(), new Reminder(_self, message), time, Timeout.InfiniteTimeSpan);

    private sealed record Reminder(IActorRef Actor, object Message)
    {
        public void Tell() => Actor.Tell(Message, ActorRefs.NoSender);
    }

    private sealed class Producer(SupervisorCell cell, SupervisionContext supervision, long runAtParent) : IIndirectActorProducer
    {
        public Type ActorType => typeof(SupervisorActor);

        public ActorBase Produce() => new SupervisorActor(cell, supervision, runAtParent);

        public void Release(ActorBase actor)
        {
        }
    }
}
