namespace AkkaDurable.Cluster.Tests;

/// <summary>How far each sender has come.</summary>
public sealed record SequenceState(IReadOnlyDictionary<int, int> Last, int Disordered, int Count);

public sealed record Step(int Sender, int Number) : ICast;

public sealed record GetDisordered : ICall<int>;

public sealed record GetSteps : ICall<int>;

/// <summary>Notes whether each sender's casts come in the order in which they were sent.</summary>
public sealed class Sequence : DurableServer<SequenceState>
{
    protected override SequenceState InitialState => new(new Dictionary<int, int>(), 0, 0);

    protected override ValueTask<CallResult> HandleCall(object request, From from, SequenceState state) => request switch
    {
        GetDisordered => Reply(state.Disordered, state),
        GetSteps => Reply(state.Count, state),
        _ => Unhandled(request),
    };

    protected override ValueTask<Next> HandleCast(object message, SequenceState state) => message switch
    {
        Step step => NoReply(new SequenceState(
            new Dictionary<int, int>(state.Last) { [step.Sender] = step.Number },
            state.Disordered + (state.Last.GetValueOrDefault(step.Sender) == step.Number - 1 ? 0 : 1),
            state.Count + 1)),
        _ => Unhandled(message),
    };
}
