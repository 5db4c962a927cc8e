using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Akka.Actor;

namespace AkkaDurable.Supervision.Internal.Runtime;

/// <summary>One run of a supervisor, as seen from outside its actor. Safe to use from any thread.</summary>
internal sealed class SupervisorCell(ChildSpec spec)
{
    private static readonly ConditionalWeakTable<IActorRef, SupervisorCell> Cells = [];

    private readonly HashSet<CellRequest> _open = [];
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<RootExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IActorRef _actor = ActorRefs.Nobody;
    private bool _isOver;

    public ChildSpec Spec { get; } = spec;

    /// <summary>The children that run, by id; of a dynamic supervisor none.</summary>
    public ConcurrentDictionary<string, LiveChild> Children { get; } = new(StringComparer.Ordinal);

    /// <summary>Completes when all children have started; fails when one did not.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Completes when it has ended.</summary>
    public Task<RootExit> Exited => _exited.Task;

    public IActorRef Actor
    {
        get => _actor;
        set
        {
            _actor = value;
            Cells.AddOrUpdate(value, this);
        }
    }

    public static SupervisorCell? Of(IActorRef actor) => Cells.TryGetValue(actor, out var cell) ? cell : null;

    public void Send(CellRequest request)
    {
        lock (_open)
        {
            if (!_isOver)
            {
                request.Closed = Close;
                _open.Add(request);
            }
        }

        if (request.Closed is null)
        {
            request.Refuse();
        }
        else
        {
            Actor.Tell(request, ActorRefs.NoSender);
        }
    }

    public void SetReady() => _ready.TrySetResult();

    public void SetFailed(Exception exception)
    {
        _ready.TrySetException(exception);
        // Nobody has to wait for it: a supervisor below another reports to that one.
        _ = _ready.Task.Exception;
    }

    public void SetExited(ExitReason reason, bool escalated)
    {
        CellRequest[] open;
        lock (_open)
        {
            if (_isOver)
            {
                return;
            }

            _isOver = true;
            open = [.. _open];
            _open.Clear();
        }

        foreach (var request in open)
        {
            request.Refuse();
        }

        SetFailed(new ChildStartException(Spec.Id, reason));
        _exited.TrySetResult(new RootExit(Spec, reason, escalated));
    }

    private void Close(CellRequest request)
    {
        lock (_open)
        {
            _open.Remove(request);
        }
    }
}
