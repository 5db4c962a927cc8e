using Akka.Actor;

namespace AkkaDurable.DashboardNode;

public sealed record Count(long Value = 0);

public sealed record Add : ICall<long>;

public sealed record Enter(string Room) : ICall<long>;

public sealed record Stumble : ICall<long>;

/// <summary>Counts.</summary>
public abstract class Counting : DurableServer<Count>
{
    protected override Count InitialState => new();

    protected override ValueTask<CallResult> HandleCall(object request, From from, Count state) => request switch
    {
        Add => Reply(state.Value + 1, new Count(state.Value + 1)),
        _ => Unhandled(request),
    };
}

/// <summary>Better served far away than not at all.</summary>
public sealed class Basket : Counting;

/// <summary>Must never leave its region.</summary>
public sealed class Invoice : Counting;

/// <summary>Enters rooms, and stumbles.</summary>
public sealed class Visitor : DurableServer<Count>
{
    protected override Count InitialState => new();

    protected override ValueTask<CallResult> HandleCall(object request, From from, Count state)
    {
        switch (request)
        {
            case Add:
                return Reply(state.Value + 1, new Count(state.Value + 1));
            case Enter enter:
                Context.Groups.Join(enter.Room);
                return Reply(state.Value, state);
            case Stumble:
                throw new InvalidOperationException("stumbled over a threshold");
            default:
                return Unhandled(request);
        }
    }
}

/// <summary>A worker of the tree.</summary>
internal sealed class Idle : ReceiveActor;
