using AkkaDurable;

namespace ChangeStats;

#region server
/// <summary>What is known of one file. The last sequence number is part of it, so it is stored in the same moment as the counts.</summary>
public sealed record StatsState(long Changes = 0, long Added = 0, long Removed = 0, long LastSequence = 0);

/// <summary>One change of the file. The sender numbers the changes of each file 1, 2, 3 …, and may send one again when it got no answer.</summary>
public sealed record CountChange(long Sequence, int Added, int Removed) : ICall<Counted>;

/// <summary>The answer: how many changes are counted and stored, and whether this one was already.</summary>
public sealed record Counted(long Changes, bool Repeated);

public sealed record GetStats : ICall<StatsState>;

/// <summary>One server for each file path.</summary>
public sealed class FileStats : DurableServer<StatsState>
{
    protected override StatsState InitialState => new();

    protected override ValueTask<CallResult> HandleCall(object request, From from, StatsState state) => request switch
    {
        CountChange change when change.Sequence <= state.LastSequence => Reply(new Counted(state.Changes, Repeated: true), state),
        CountChange change => Reply(new Counted(state.Changes + 1, Repeated: false), Add(state, change)),
        GetStats => Reply(state, state),
        _ => Unhandled(request),
    };

    private static StatsState Add(StatsState state, CountChange change) =>
        new(state.Changes + 1, state.Added + change.Added, state.Removed + change.Removed, change.Sequence);
}
#endregion
