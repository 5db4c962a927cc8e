namespace AkkaDurable.Cluster.Tests;

public sealed record HangAsync : ICast;

public sealed record HangThread : ICast;

/// <summary>A server that counts, and can be made to refuse to end.</summary>
public sealed class Reluctant : DurableServer<TallyState>
{
    /// <summary>Lets go the threads that <see cref="HangThread"/> holds.</summary>
    public static ManualResetEventSlim LetGo { get; } = new();

    /// <summary>Released once for each handler that hangs now.</summary>
    public static SemaphoreSlim Hangs { get; } = new(0);

    protected override TallyState InitialState => new(0);

    protected override ValueTask<CallResult> HandleCall(object request, From from, TallyState state) => request switch
    {
        Increment inc => Reply(state.Count + inc.By, new TallyState(state.Count + inc.By)),
        GetCount => Reply(state.Count, state),
        _ => Unhandled(request),
    };

    protected override async ValueTask<Next> HandleCast(object message, TallyState state)
    {
        Hangs.Release();
        if (message is HangThread)
        {
            LetGo.Wait();
        }
        else
        {
            await new TaskCompletionSource().Task;
        }

        return NoReply(state);
    }
}
