namespace AkkaDurable.Cluster.Tests.Groups;

public sealed record ChatterState(int Changes);

public sealed record Enter(string Group, string Mood) : ICall<int>;

public sealed record Go(string Group) : ICall<int>;

public sealed record Shout(string Group, string Text) : ICall<int>;

public sealed record SetMood(string Mood) : ICall<int>;

public sealed record HowMany : ICall<int>;

public sealed record Break : ICall<int>;

public sealed record Finish(string How) : ICall<int>;

/// <summary>A server that is in groups.</summary>
public sealed class Chatter : DurableServer<ChatterState>
{
    private int _heard;

    protected override ChatterState InitialState => new(0);

    protected override ValueTask<InitResult> Init(ChatterState state, ServerContext context) =>
        Ok(state).Meta(new Dictionary<string, string> { ["mood"] = context.Key.StartsWith("sad", StringComparison.Ordinal) ? "sad" : "new" });

    protected override ValueTask<CallResult> HandleCall(object request, From from, ChatterState state)
    {
        var next = new ChatterState(state.Changes + 1);
        switch (request)
        {
            case Enter enter:
                Context.Groups.Join(enter.Group, new Dictionary<string, string> { ["mood"] = enter.Mood });
                return Reply(next.Changes, next);
            case Go go:
                Context.Groups.Leave(go.Group);
                return Reply(next.Changes, next);
            case Shout shout:
                Context.Groups.Dispatch(shout.Group, new Said(shout.Text));
                return Reply(next.Changes, next);
            case SetMood mood:
                return Reply(next.Changes, next).Meta(new Dictionary<string, string> { ["mood"] = mood.Mood });
            case HowMany:
                return Reply(_heard, state);
            case Break:
                throw new InvalidOperationException("broken");
            case Finish finish:
                return Stop(
                    finish.How switch { "permanent" => StopReason.Permanent, "delete" => StopReason.Delete, "error" => StopReason.Error(new InvalidOperationException("ended")), "shutdown" => StopReason.Shutdown, _ => StopReason.Normal },
                    1,
                    next);
            default:
                return Unhandled(request);
        }
    }

    protected override ValueTask<Next> HandleInfo(object message, ChatterState state)
    {
        if (message is Said)
        {
            _heard++;
        }

        return NoReply(state);
    }
}
