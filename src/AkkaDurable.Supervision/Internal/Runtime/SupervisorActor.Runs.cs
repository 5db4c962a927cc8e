using Akka.Actor;
using Akka.Event;
using AkkaDurable.Supervision.Internal.Specs;
using AkkaDurable.Supervision.Internal.State;

namespace AkkaDurable.Supervision.Internal.Runtime;

/// <summary>Starts and ends of children.</summary>
internal sealed partial class SupervisorActor
{
    private void Start(long number, ChildSpec spec)
    {
        var run = new ChildRun(number, spec);
        _runs.Add(number, run);
        try
        {
            switch (spec)
            {
                case HandleSpec handle:
                    StartHandle(run, handle);
                    break;
                case ActorSpec actor:
                    Watch(run, Context.ActorOf(actor.Props(StartContext(spec, CancellationToken.None)), NameOf(run)));
                    // Answered when the constructor and PreStart are through; not at all when they failed.
                    run.Actor!.Tell(new Identify(number), Self);
                    break;
                default:
                    run.Cell = new SupervisorCell(spec);
                    Watch(run, Context.ActorOf(Props(run.Cell, _supervision, number), NameOf(run)));
                    run.Cell.Actor = run.Actor!;
                    break;
            }
        }
#pragma warning disable CA1031 // What a user's function throws is a failed start, whatever it is.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _runs.Remove(number);
            Apply(new SupervisorEvent.StartFailed(number, ExitReason.Error(exception)));
        }
    }

    private void Watch(ChildRun run, IActorRef actor)
    {
        run.Actor = actor;
        _byActor.Add(actor, run);
        Context.Watch(actor);
    }

    /// <summary>The child's id, unless one that was left behind still has that name; children of dynamic supervisors get a name from Akka.</summary>
    private string? NameOf(ChildRun run)
    {
        if (IsDynamic)
        {
            return null;
        }

        var name = Uri.EscapeDataString(run.Spec.Id);
        return Context.Child(name).IsNobody() ? name : $"{name}~{run.Number}";
    }

    private void StartHandle(ChildRun run, HandleSpec spec)
    {
        run.Starting = new CancellationTokenSource();
        var context = StartContext(spec, run.Starting.Token);
        var self = Self;
        run.Begun = Task.Run(() => Begin(spec, context));
        _ = run.Begun.ContinueWith(
            begun => self.Tell(new RunMessage.HandleStarted(run.Number, begun.Result), ActorRefs.NoSender),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private static async Task<ChildStart> Begin(HandleSpec spec, ChildStartContext context)
    {
        try
        {
            return await spec.Begin(context).ConfigureAwait(false) ?? ChildStart.Failed(ExitReason.Error("the start returned null"));
        }
#pragma warning disable CA1031 // As above.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return ChildStart.Failed(ExitReason.Error(exception));
        }
    }

    private ChildStartContext StartContext(ChildSpec spec, CancellationToken cancellation) => new(_supervision, spec.Id, Self, cancellation);

    private void OnRunMessage(RunMessage about, ChildRun run)
    {
        switch (about)
        {
            case RunMessage.Up:
                Up(run.Number);
                break;
            case RunMessage.Down { Reason: var reason }:
                LeaveBehind(run, reason);
                break;
            case RunMessage.HandleStarted { Start: var start }:
                OnHandleStarted(run, start);
                break;
            case RunMessage.HandleExited { Reason: var reason }:
                Ended(run, reason);
                break;
            case RunMessage.KillDue:
                Kill(run);
                break;
            case RunMessage.AbandonDue:
                _log.Error("Supervisor {0}: child {1} did not end within {2} of being killed. It is left behind, and what it holds with it.", Self.Path, run.Spec.Id, _supervision.KillGrace);
                LeaveBehind(run, ExitReason.Killed);
                break;
        }
    }

    private void OnHandleStarted(ChildRun run, ChildStart start)
    {
        if (start.Handle is not { } handle)
        {
            Ended(run, start.Failure ?? ExitReasons.Ignored);
            return;
        }

        run.Handle = handle;
        var self = Self;
        _ = handle.Exited.ContinueWith(
            exited => self.Tell(new RunMessage.HandleExited(run.Number, ReasonOf(exited)), ActorRefs.NoSender),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        Up(run.Number);
    }

    private static ExitReason ReasonOf(Task<ExitReason> exited) => exited switch
    {
        { IsCompletedSuccessfully: true } => exited.Result,
        { Exception.InnerException: { } exception } => ExitReason.Error(exception),
        _ => ExitReason.Killed,
    };

    private void Up(long number)
    {
        if (_runs.TryGetValue(number, out var run) && !run.IsUp)
        {
            run.IsUp = true;
            if (!IsDynamic)
            {
                _cell.Children[run.Spec.Id] = new LiveChild(ActorOf(run), run.Cell);
                _supervision.Started.Set();
            }

            Apply(new SupervisorEvent.Started(number));
        }
    }

    private void CancelStart(ChildRun run)
    {
        run.Starting?.Cancel();
        if (run.Actor is not null)
        {
            Ask(run);
        }

        Limit(run, run.Spec.Shutdown);
    }

    private void Stop(ChildRun run, Shutdown shutdown)
    {
        if (shutdown.IsBrutalKill)
        {
            Kill(run);
            return;
        }

        Ask(run);
        Limit(run, shutdown);
    }

    private void Limit(ChildRun run, Shutdown shutdown)
    {
        if (shutdown.Time is { } time)
        {
            run.Timer?.Dispose();
            run.Timer = After(time, new RunMessage.KillDue(run.Number));
        }
    }

    private void Ask(ChildRun run)
    {
        switch (run)
        {
            case { Handle: { } handle }:
                handle.RequestStop();
                break;
            case { Cell: not null, Actor: { } supervisor }:
                supervisor.Tell(new SupervisorEvent.Stop(ExitReason.Shutdown), Self);
                break;
            case { Spec.StopMessage: { } message, Actor: { } actor, IsUp: true }:
                actor.Tell(message, Self);
                break;
            case { Actor: { } actor }:
                ExitReasons.Note(actor, ExitReason.Shutdown);
                Context.Stop(actor);
                break;
        }
    }

    private void Kill(ChildRun run)
    {
        if (run.Handle is { } handle)
        {
            handle.Kill();
        }
        else if (run.Actor is { } actor)
        {
            ExitReasons.Replace(actor, ExitReason.Killed);
            Context.Stop(actor);
        }

        run.Timer?.Dispose();
        run.Timer = After(_supervision.KillGrace, new RunMessage.AbandonDue(run.Number));
    }

    private void LeaveBehind(ChildRun run, ExitReason reason)
    {
        _hasLeftBehind |= run.Actor is not null;
        if (!run.IsUp)
        {
            run.KillHandle();
        }

        Ended(run, reason);
    }

    private void OnTerminated(IActorRef actor)
    {
        if (_byActor.TryGetValue(actor, out var run))
        {
            Ended(run, ExitReasons.Of(actor));
        }
    }

    private void Ended(ChildRun run, ExitReason reason)
    {
        _runs.Remove(run.Number);
        run.Timer?.Dispose();
        run.Starting?.Dispose();
        if (run.Actor is not null)
        {
            _byActor.Remove(run.Actor);
        }

        if (run.IsUp && !IsDynamic)
        {
            _cell.Children.TryRemove(run.Spec.Id, out _);
        }

        Apply((run.IsUp, ReferenceEquals(reason, ExitReasons.Ignored)) switch
        {
            (true, _) => new SupervisorEvent.Exited(run.Number, reason),
            (false, true) => new SupervisorEvent.Ignored(run.Number),
            _ => new SupervisorEvent.StartFailed(run.Number, reason),
        });
    }

    private static IActorRef? ActorOf(ChildRun run) => run.Handle is { } handle ? handle.Actor : run.Actor;
}
