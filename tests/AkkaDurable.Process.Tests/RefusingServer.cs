namespace AkkaDurable.Process.Tests;

public sealed record Refuse(string How) : ICast;

public sealed record Greet : ICall<string>;

/// <summary>A server that can be made to end its handler never.</summary>
public sealed class RefusingServer : DurableServer<RefusingServer.Nothing>
{
    protected override Nothing InitialState => new();

    protected override ValueTask<CallResult> HandleCall(object request, From from, Nothing state) => Reply("hello", state);

    protected override async ValueTask<Next> HandleCast(object message, Nothing state)
    {
        Console.WriteLine(RefusingProgram.Ready);
        if (message is Refuse { How: RefusingProgram.Blocking })
        {
            Thread.Sleep(Timeout.Infinite);
        }

        await new TaskCompletionSource().Task;
        return NoReply(state);
    }

    public sealed record Nothing;
}
