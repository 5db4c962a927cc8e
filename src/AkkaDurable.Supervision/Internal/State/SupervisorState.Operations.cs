namespace AkkaDurable.Supervision.Internal.State;

/// <summary>How operations go on, step by step.</summary>
internal sealed partial class SupervisorState
{
    private void Run(Operation operation)
    {
        _operation = operation;
        Advance(operation);
    }

    private void Advance(Operation operation)
    {
        operation.Waiting = null;
        while (operation.NextStop is { } stop)
        {
            operation.NextStop = stop == operation.LastStop ? null : stop.Previous;
            if (StopNext(operation, stop.Value))
            {
                return;
            }
        }

        if (operation.StartsGroupOf is { } origin)
        {
            // Only now: temporary children that were stopped are gone, the first one may have been among them.
            operation.NextStart = First(origin);
            operation.StartsGroupOf = null;
        }

        if (!operation.IsGivenUp && operation.NextStart is { } start)
        {
            operation.NextStart = operation.StartsOne ? null : start.Next;
            StartNext(operation, start.Value);
            return;
        }

        Finish(operation);
    }

    /// <summary>Whether an answer is to be waited for.</summary>
    private bool StopNext(Operation operation, ChildRecord child)
    {
        if (child.EarlyExit is { } reason)
        {
            Stopped(operation, child, reason);
            return false;
        }

        if (child.Run == 0)
        {
            if (child != operation.Origin)
            {
                child.Clear();
                ForgetIfTemporary(child);
            }

            return false;
        }

        child.Status = ChildStatus.Stopping;
        operation.Waiting = child;
        operation.IsStopping = true;
        _out.Add(new SupervisorCommand.StopRun(child.Run, child.Spec.Shutdown));
        return true;
    }

    private void StartNext(Operation operation, ChildRecord child)
    {
        child.Clear();
        child.Run = ++_runs;
        child.Status = ChildStatus.Starting;
        _byRun[child.Run] = child;
        operation.Waiting = child;
        operation.IsStopping = false;
        _out.Add(new SupervisorCommand.Start(child.Run, child.Spec));
    }

    private void Stopped(Operation operation, ChildRecord child, ExitReason reason)
    {
        if (!child.MayEndWith(reason))
        {
            _out.Add(new SupervisorCommand.Report(ReportKind.ShutdownError, child.Spec.Id, reason));
        }

        Unrun(child);
        ForgetIfTemporary(child);
    }

    private void OnStartAnswer(SupervisorEvent answer)
    {
        if (_operation is not { IsStopping: false, Waiting: { } child } operation || child.Run != RunOf(answer))
        {
            return;
        }

        switch (answer)
        {
            case SupervisorEvent.Started:
                OnStarted(operation, child);
                break;
            case SupervisorEvent.Ignored:
                Unrun(child);
                ForgetIfTemporary(child);
                Answer(operation, ChildError.None);
                break;
            case SupervisorEvent.StartFailed { Reason: var reason }:
                Unrun(child);
                OnStartFailed(operation, child, reason);
                break;
        }

        Advance(operation);
    }

    private void OnStarted(Operation operation, ChildRecord child)
    {
        child.Status = ChildStatus.Running;
        if (operation.Kind == OperationKind.Restart)
        {
            child.Restarts++;
            Restarts++;
        }

        if (child.Spec.Backoff is { } backoff)
        {
            child.Status = ChildStatus.Settling;
            _out.Add(new SupervisorCommand.SettleAfter(child.Run, backoff.StaysUp));
        }

        Answer(operation, ChildError.None, child.Run);
    }

    private void OnStartFailed(Operation operation, ChildRecord child, ExitReason reason)
    {
        if (operation.Kind is not (OperationKind.StartChild or OperationKind.RestartChild) && !operation.IsGivenUp)
        {
            _out.Add(new SupervisorCommand.Report(ReportKind.StartError, child.Spec.Id, reason));
        }

        switch (operation.Kind)
        {
            case OperationKind.Begin:
                operation.Failure = ExitReason.FailedToStart(child.Spec.Id, reason);
                operation.NextStart = null;
                operation.NextStop = _children.Last;
                break;
            case OperationKind.Restart when !operation.IsGivenUp:
                operation.NextStart = null;
                PutOff(child, child.Spec.Backoff is { } backoff ? backoff.Delay(child.Attempts++, random()) : TimeSpan.Zero);
                break;
            case OperationKind.StartChild:
                Remove(child);
                Answer(operation, ChildError.StartFailed, reason: reason);
                break;
            default:
                Answer(operation, ChildError.StartFailed, reason: reason);
                break;
        }
    }

    private void Finish(Operation operation)
    {
        _operation = null;
        if (operation.Kind == OperationKind.End)
        {
            _isOver = true;
            _out.Add(new SupervisorCommand.End(_end!, operation.IsEscalated));
        }
        else if (operation.Failure is { } failure)
        {
            _isOver = true;
            _end = failure;
            RefuseWaiting();
            _out.Add(new SupervisorCommand.FailStart(failure));
        }
        else if (operation.Kind == OperationKind.TerminateChild)
        {
            Reply(operation.Token!, ChildError.None);
        }

        if (operation.IsGivenUp && !_isOver)
        {
            StopAll(escalated: false);
            return;
        }

        if (operation is { Delay: { } delay, Origin: { } origin, IsGivenUp: false })
        {
            PutOff(origin, delay);
        }

        if (operation.Kind == OperationKind.Begin && !_isOver)
        {
            _out.Add(new SupervisorCommand.Ready());
        }
    }

    private void StopAll(bool escalated) => Run(new Operation(OperationKind.End) { NextStop = _children.Last, IsEscalated = escalated });

    private void RestartGroup(ChildRecord origin) => Run(new Operation(OperationKind.Restart)
    {
        Origin = origin,
        NextStop = LastOfGroup,
        LastStop = First(origin),
        StartsGroupOf = origin,
        StartsOne = spec.Strategy == RestartStrategy.OneForOne,
    });

    private void StopGroup(ChildRecord origin, TimeSpan delay) => Run(new Operation(OperationKind.Restart)
    {
        Origin = origin,
        NextStop = LastOfGroup,
        LastStop = First(origin),
        Delay = delay,
    });

    private LinkedListNode<ChildRecord>? LastOfGroup => spec.Strategy == RestartStrategy.OneForOne ? null : _children.Last;

    private LinkedListNode<ChildRecord> First(ChildRecord origin) => spec.Strategy == RestartStrategy.OneForAll ? _children.First! : _byId[origin.Spec.Id];

    private static long RunOf(SupervisorEvent answer) => answer switch
    {
        SupervisorEvent.Started started => started.Run,
        SupervisorEvent.Ignored ignored => ignored.Run,
        SupervisorEvent.StartFailed failed => failed.Run,
        _ => 0,
    };
}
