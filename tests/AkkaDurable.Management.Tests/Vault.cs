namespace AkkaDurable.Management.Tests;

public sealed record VaultState(int Gold);

public sealed record Deposit(int Gold = 1) : ICall<int>;

public sealed record GetGold : ICall<int>;

public sealed record Rob(string By) : ICall<int>;

public sealed record Empty : ICast;

/// <summary>Holds gold. Robbing it fails.</summary>
public sealed class Vault : DurableServer<VaultState>
{
    protected override VaultState InitialState => new(0);

    protected override ValueTask<CallResult> HandleCall(object request, From from, VaultState state) => request switch
    {
        Deposit deposit => Reply(state.Gold + deposit.Gold, new VaultState(state.Gold + deposit.Gold)),
        GetGold => Reply(state.Gold, state),
        Rob rob => throw new InvalidOperationException($"robbed by {rob.By}"),
        _ => Unhandled(request),
    };

    protected override ValueTask<Next> HandleCast(object message, VaultState state) => NoReply(new VaultState(0));
}
