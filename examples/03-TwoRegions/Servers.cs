using AkkaDurable;

namespace TwoRegions;

#region servers
public sealed record Count(long Value = 0);

public sealed record Add : ICall<long>;

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

/// <summary>Must never leave its region, by law for instance.</summary>
public sealed class Invoice : Counting;
#endregion
