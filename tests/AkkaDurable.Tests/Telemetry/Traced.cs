using System.Diagnostics;

namespace AkkaDurable.Tests.Telemetry;

public sealed record TracedState(int Count);

public sealed record Step : ICall<int>;

public sealed record Peek : ICall<string?>;

public sealed record PeekLater(Task Until) : ICall<string?>;

public sealed record Break : ICall<int>;

public sealed record Unknown : ICall<int>;

public sealed record Never : ICall<int>;

public sealed record Poke : ICast;

public sealed record StepThen(string What) : ICast;

public sealed record TellOther : ICall<int>;

public sealed record AskOther : ICall<int>;

/// <summary>A server that says what its handlers see of their traces, in ways that a span log cannot tell.</summary>
public sealed class Traced : DurableServer<TracedState>
{
    private static readonly ActivitySource s_own = new("test");

    protected override TracedState InitialState => new(0);

    protected override async ValueTask<CallResult> HandleCall(object request, From from, TracedState state)
    {
        switch (request)
        {
            case Step:
                return Reply(state.Count + 1, new TracedState(state.Count + 1));
            case Peek:
                using (s_own.StartActivity("own"))
                {
                    return Reply(Activity.Current?.ParentId, state);
                }

            case PeekLater later:
                await later.Until;
                return Reply(Activity.Current?.Id, state);
            case TellOther:
                Context.Servers<Traced>()["other"].Cast(new Poke());
                return Reply(1, new TracedState(state.Count + 1));
            case AskOther:
                return Reply(await Context.Servers<Neighbour>()["n"].CallAsync(new Ask(state.Count)), state);
            case Never:
                return NoReply(state);
            case Break:
                throw new InvalidOperationException("broken");
            default:
                return Unhandled(request);
        }
    }

    protected override ValueTask<Next> HandleCast(object message, TracedState state)
    {
        switch (message)
        {
            case StepThen { What: "continue" }:
                return NoReply(state).Continue("go on");
            case StepThen { What: "once" }:
                Context.Timers.StartOnce("t", TimeSpan.FromSeconds(1), "tick");
                return NoReply(state);
            case StepThen { What: "periodic" }:
                Context.Timers.StartPeriodic("t", TimeSpan.FromSeconds(1), "tick");
                return NoReply(state);
            default:
                return NoReply(new TracedState(state.Count + 1));
        }
    }

    protected override ValueTask<Next> HandleContinue(object step, TracedState state) => NoReply(state);

    protected override ValueTask<Next> HandleInfo(object message, TracedState state) => NoReply(state);
}
