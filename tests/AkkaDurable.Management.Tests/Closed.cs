namespace AkkaDurable.Management.Tests;

/// <summary>A type that takes no calls by JSON.</summary>
public sealed class Closed : DurableServer<VaultState>
{
    protected override VaultState InitialState => new(0);

    protected override ValueTask<CallResult> HandleCall(object request, From from, VaultState state) => Unhandled(request);
}
