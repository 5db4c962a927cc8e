using Akka.Actor;
using Akka.Event;
using AkkaDurable.Supervision.Internal.State;

namespace AkkaDurable.Supervision.Internal.Runtime;

/// <summary>What can be asked, and what the log is told.</summary>
internal sealed partial class SupervisorActor
{
    ChildSpec ISupervisorView.Spec => _cell.Spec;

    IEnumerable<ChildInfo> ISupervisorView.Children => _state.Children.Select(InfoOf);

    ChildCounts ISupervisorView.Counts
    {
        get
        {
            var (active, supervisors) = (0, 0);
            foreach (var child in _state.Children)
            {
                active += child.Status is ChildStatus.Running or ChildStatus.Stopping ? 1 : 0;
                supervisors += child.Spec.Type == ChildType.Supervisor ? 1 : 0;
            }

            return new ChildCounts(_state.Count, active, supervisors, _state.Count - supervisors);
        }
    }

    long ISupervisorView.RunOf(IActorRef actor) => _byActor.TryGetValue(actor, out var run) ? run.Number : 0;

    SupervisorCell? ISupervisorView.CellOf(long run) => _runs.TryGetValue(run, out var known) ? known.Cell : null;

    private ChildInfo InfoOf(ChildRecord child) => new(
        child.Spec,
        child.Status,
        _runs.TryGetValue(child.Run, out var run) ? ActorOf(run) : null,
        child.IsRestarting ? child.LastRun : child.Run,
        child.Restarts);

    private void Report(SupervisorCommand.Report report)
    {
        var (id, reason, exception) = (report.Id, report.Reason, report.Reason.Exception);
        switch (report.Kind)
        {
            case ReportKind.ChildTerminated when report.Reason.IsAbnormal:
                _log.Error(exception, "Supervisor {0}: child {1} ended with {2}.", Self.Path, id, reason);
                break;
            case ReportKind.ChildTerminated:
                _log.Info("Supervisor {0}: permanent child {1} ended with {2}.", Self.Path, id, reason);
                break;
            case ReportKind.StartError:
                _log.Error(exception, "Supervisor {0}: child {1} did not start: {2}.", Self.Path, id, reason);
                break;
            case ReportKind.ShutdownError:
                _log.Error(exception, "Supervisor {0}: child {1}, which was to stop, ended with {2}.", Self.Path, id, reason);
                break;
            case ReportKind.TooManyRestarts:
                _log.Error("Supervisor {0}: too many restarts; the last one was to be of child {1}. It stops all its children and ends.", Self.Path, id);
                break;
        }
    }
}
