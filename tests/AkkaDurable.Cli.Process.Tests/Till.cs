namespace AkkaDurable.Cli.Process.Tests;

public sealed record TillState(int Coins);

public sealed record Add(int Coins = 1) : ICall<int>;

public sealed record Count : ICall<int>;

public sealed record Rob(string By) : ICall<int>;

/// <summary>Counts coins. Robbing it fails.</summary>
public sealed class Till : DurableServer<TillState>
{
    protected override TillState InitialState => new(0);

    protected override ValueTask<CallResult> HandleCall(object request, From from, TillState state) => request switch
    {
        Add add => Reply(state.Coins + add.Coins, new TillState(state.Coins + add.Coins)),
        Count => Reply(state.Coins, state),
        Rob rob => throw new InvalidOperationException($"robbed by {rob.By}"),
        _ => Unhandled(request),
    };
}
