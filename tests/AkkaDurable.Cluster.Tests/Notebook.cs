namespace AkkaDurable.Cluster.Tests;

public sealed record NotebookState(string Lines);

public sealed record Note(int Number, string Padding = "") : ICast;

public sealed record NoteThing(int Number, Unwritable Thing) : ICast;

public sealed record ReadNotes : ICall<string>;

/// <summary>A server that writes down which casts came, in the order in which they came.</summary>
public sealed class Notebook : DurableServer<NotebookState>
{
    protected override NotebookState InitialState => new("");

    protected override ValueTask<CallResult> HandleCall(object request, From from, NotebookState state) => request switch
    {
        ReadNotes => Reply(state.Lines, state),
        _ => Unhandled(request),
    };

    protected override ValueTask<Next> HandleCast(object message, NotebookState state) => message switch
    {
        Note note => NoReply(new NotebookState($"{state.Lines}{note.Number} ")),
        _ => Unhandled(message),
    };
}
