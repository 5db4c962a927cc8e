using AkkaDurable.Supervision.Internal.State;

namespace AkkaDurable.Supervision.Internal.Runtime;

/// <summary>Something a supervisor is asked for. It is answered, also when the supervisor ends first.</summary>
internal abstract class CellRequest : Akka.Actor.INoSerializationVerificationNeeded
{
    /// <summary>Tells that there is no supervisor.</summary>
    public abstract void Refuse();

    /// <summary>Removes it from the open ones.</summary>
    public Action<CellRequest>? Closed { get; set; }
}

/// <summary>A request about one child, decided by the state.</summary>
internal sealed class ChildRequest(Func<object, SupervisorEvent> make) : CellRequest
{
    private readonly TaskCompletionSource<ChildResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<ChildResult> Answer => _answer.Task;

    public SupervisorEvent Event => make(this);

    public void Complete(ChildResult result)
    {
        Closed?.Invoke(this);
        _answer.TrySetResult(result);
    }

    public override void Refuse() => _answer.TrySetResult(new ChildResult { Error = ChildError.SupervisorNotRunning });
}

/// <summary>A question, answered from what the supervisor knows at that moment.</summary>
internal abstract class Query : CellRequest
{
    public abstract void AnswerFrom(ISupervisorView view);
}

/// <summary>A question with its answer.</summary>
internal sealed class Query<T>(Func<ISupervisorView, T> ask) : Query
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Answer => _answer.Task;

    public override void AnswerFrom(ISupervisorView view)
    {
        Closed?.Invoke(this);
        _answer.TrySetResult(ask(view));
    }

    public override void Refuse() => _answer.TrySetException(new SupervisorRequestException(new ChildResult { Error = ChildError.SupervisorNotRunning }));
}
