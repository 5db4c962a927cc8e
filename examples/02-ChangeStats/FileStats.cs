using AkkaDurable;

namespace ChangeStats;

#region server
/// <summary>What is known of one file.</summary>
public sealed record StatsState(long Changes = 0, long Added = 0, long Removed = 0);

/// <summary>One change of the file; the answer is how many changes are counted and stored.</summary>
public sealed record CountChange(int Added, int Removed) : ICall<long>;

public sealed record GetStats : ICall<StatsState>;

/// <summary>One server for each file path. That no change counts twice, whoever has to send it again, is not its business: each call has an id.</summary>
public sealed class FileStats : DurableServer<StatsState>
{
    protected override StatsState InitialState => new();

    protected override ValueTask<CallResult> HandleCall(object request, From from, StatsState state) => request switch
    {
        CountChange change => Reply(state.Changes + 1, Add(state, change)),
        GetStats => Reply(state, state),
        _ => Unhandled(request),
    };

    private static StatsState Add(StatsState state, CountChange change) =>
        new(state.Changes + 1, state.Added + change.Added, state.Removed + change.Removed);
}
#endregion
