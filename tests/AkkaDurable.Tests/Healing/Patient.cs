using AkkaDurable.Storage;
using AkkaDurable.TestKit;

namespace AkkaDurable.Tests.Healing;

public sealed record Crash(string Reason) : ICall<int>;

public sealed record CrashOfStore : ICall<int>;

public sealed record Grow(int Characters) : ICall<int>;

public sealed record Leave(string Reason, bool Replies) : ICall<int>;

public sealed record LeaveQuietly(string Reason) : ICast;

public sealed record Wait : ICall<int>;

public sealed record PatientState(int Count, string Text = "");

/// <summary>A server that crashes and stops in any way, on request.</summary>
public sealed class Patient : DurableServer<PatientState>
{
    public const int LastWords = 100;

    /// <summary>What Init does: it throws, or says whether the server is permanent, or nothing.</summary>
    public Func<bool?>? AtInit { get; init; }

    public bool Ignores { get; init; }

    public Action? AtContinue { get; init; }

    public Action<From>? AtWait { get; init; }

    protected override PatientState InitialState => new(0);

    public static ServerProbe<PatientState> Probe(Action<DurableServerOptions>? configure = null, Func<bool?>? init = null, IStateStore? store = null) =>
        ServerProbe.For(() => new Patient { AtInit = init }, configure: configure, store: store);

    protected override ValueTask<InitResult> Init(PatientState state, ServerContext context)
    {
        if (Ignores)
        {
            return Ignore();
        }

        var ok = Ok(state);
        if (AtInit?.Invoke() is { } permanent)
        {
            ok = ok.Permanent(permanent);
        }

        return AtContinue is null ? ok : ok.Continue("step");
    }

    protected override ValueTask<Next> HandleContinue(object step, PatientState state)
    {
        AtContinue!();
        return NoReply(state);
    }

    protected override ValueTask<CallResult> HandleCall(object request, From from, PatientState state)
    {
        switch (request)
        {
            case Increment inc:
                return Reply(state.Count + inc.By, state with { Count = state.Count + inc.By });
            case GetCount:
                return Reply(state.Count, state);
            case Crash crash:
                throw new InvalidOperationException(crash.Reason);
            case CrashOfStore:
                throw new StoreUnavailableException("away");
            case Grow grow:
                return Reply(0, state with { Text = new string('x', grow.Characters) });
            case Leave { Replies: true } leave:
                return Stop(ReasonOf(leave.Reason), LastWords, state with { Count = state.Count + 1 });
            case Leave leave:
                return Stop(ReasonOf(leave.Reason), state with { Count = state.Count + 1 });
            case Wait:
                AtWait?.Invoke(from);
                return NoReply(state with { Count = state.Count + 1 });
            default:
                return Unhandled(request);
        }
    }

    protected override ValueTask<Next> HandleCast(object message, PatientState state) => message switch
    {
        LeaveQuietly leave => Stop(ReasonOf(leave.Reason), state with { Count = state.Count + 1 }),
        _ => Unhandled(message),
    };

    private static StopReason ReasonOf(string name) => name switch
    {
        "normal" => StopReason.Normal,
        "shutdown" => StopReason.Shutdown,
        "permanent" => StopReason.Permanent,
        "cordon" => StopReason.Cordon,
        "delete" => StopReason.Delete,
        _ => StopReason.Error(new InvalidOperationException(name)),
    };
}

internal static class PatientExtensions
{
    /// <summary>Has a handler throw, so many times.</summary>
    public static async Task CrashNowAsync(this ServerProbe<PatientState> probe, int times = 1)
    {
        for (var i = 1; i <= times; i++)
        {
            await Assert.ThrowsAsync<HandlerFailedException>(() => probe.CallAsync(new Crash($"boom {i}")));
            await probe.SettleAsync();
        }
    }

    public static async Task<ServerStatus?> StatusAsync(this ServerProbe<PatientState> probe) => (await probe.ReadStoredAsync())?.Status;
}
