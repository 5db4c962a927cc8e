using AkkaDurable.Supervision.Internal.Specs;

namespace AkkaDurable.Supervision.Internal.State;

/// <summary>Children at run time, and the book-keeping of children.</summary>
internal sealed partial class SupervisorState
{
    private void StartChild(SupervisorEvent.StartChild request)
    {
        if (SpecRules.Problem(request.Spec, spec.AutoShutdown, spec.Id) is { } problem)
        {
            Reply(request.Token, ChildError.InvalidSpec, reason: ExitReason.Error(problem));
        }
        else if (_byId.TryGetValue(request.Spec.Id, out var known))
        {
            Reply(request.Token, known.Value.Run != 0 ? ChildError.AlreadyStarted : ChildError.AlreadyPresent, known.Value.Run);
        }
        else
        {
            var node = Add(new ChildRecord(request.Spec));
            Run(new Operation(OperationKind.StartChild) { NextStart = node, StartsOne = true, Token = request.Token });
        }
    }

    private void RestartChild(SupervisorEvent.RestartChild request)
    {
        if (Error(request.Id) is { } error)
        {
            Reply(request.Token, error);
        }
        else
        {
            Run(new Operation(OperationKind.RestartChild) { NextStart = _byId[request.Id], StartsOne = true, Token = request.Token });
        }
    }

    private void TerminateChild(SupervisorEvent.TerminateChild request)
    {
        if (_byId.TryGetValue(request.Id, out var node))
        {
            Run(new Operation(OperationKind.TerminateChild) { NextStop = node, LastStop = node, Token = request.Token });
        }
        else
        {
            Reply(request.Token, ChildError.NotFound);
        }
    }

    private void DeleteChild(SupervisorEvent.DeleteChild request)
    {
        if (Error(request.Id) is { } error)
        {
            Reply(request.Token, error);
        }
        else
        {
            Remove(_byId[request.Id].Value);
            Reply(request.Token, ChildError.None);
        }
    }

    /// <summary>What is wrong with a request about a child that must not run.</summary>
    private ChildError? Error(string id) => !_byId.TryGetValue(id, out var node) ? ChildError.NotFound : node.Value switch
    {
        { IsRestarting: true } => ChildError.Restarting,
        { Run: not 0 } => ChildError.Running,
        _ => null,
    };

    private void RefuseWaiting()
    {
        while (_inbox.TryDequeue(out var waiting))
        {
            if (waiting is SupervisorEvent.Request request)
            {
                Reply(request.Token, ChildError.SupervisorNotRunning);
            }
        }
    }

    private LinkedListNode<ChildRecord> Add(ChildRecord child)
    {
        var node = _children.AddLast(child);
        _byId.Add(child.Spec.Id, node);
        return node;
    }

    private void Remove(ChildRecord child)
    {
        _children.Remove(_byId[child.Spec.Id]);
        _byId.Remove(child.Spec.Id);
    }

    private void ForgetIfTemporary(ChildRecord child)
    {
        if (child.IsTemporary)
        {
            Remove(child);
        }
    }

    private void Unrun(ChildRecord child)
    {
        _byRun.Remove(child.Run);
        child.Clear();
    }

    private void PutOff(ChildRecord child, TimeSpan delay)
    {
        var isCounted = child.IsCounted;
        child.Clear();
        child.Status = ChildStatus.Restarting;
        child.IsCounted = isCounted;
        child.Ticket = delay == TimeSpan.Zero ? 0 : ++_tickets;
        _out.Add(new SupervisorCommand.TryAgainAfter(child.Spec.Id, child.Ticket, delay));
    }

    private void Answer(Operation operation, ChildError error, long run = 0, ExitReason? reason = null)
    {
        if (operation.Token is { } token)
        {
            Reply(token, error, run, reason);
        }
    }

    private void Reply(object token, ChildError error, long run = 0, ExitReason? reason = null) => _out.Add(new SupervisorCommand.Reply(token, error, run, reason));
}
