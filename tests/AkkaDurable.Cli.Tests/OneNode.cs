using AkkaDurable.Management.Tests;
using AkkaDurable.Storage;
using Microsoft.AspNetCore.Builder;

namespace AkkaDurable.Cli.Tests;

/// <summary>A node that the tool speaks to.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "IAsyncLifetime disposes of it.")]
public sealed class OneNode : IAsyncLifetime
{
    public const string Token = "correct-horse-battery";

    private readonly InMemoryStateStore _store = new();

    internal ManagedNode Node { get; private set; } = null!;

    internal string Address => $"127.0.0.1:{Node.Url.Port}";

    public async Task InitializeAsync()
    {
        Node = await ManagedNode.StartAsync(_store, "eu", map: app => app.MapAkkaDurable(options => options.Token = Token));
        await Node.Vaults["cli-1"].CallAsync(new Deposit(3));
        await Node.Vaults["cli-2"].CallAsync(new Deposit(4));
    }

    public async Task DisposeAsync()
    {
        await Node.DisposeAsync();
        await _store.DisposeAsync();
    }

    internal Task<ToolRun> RunAsync(string command, string input = "", bool isPerson = false, bool withToken = false) =>
        ToolRun.OfAsync([Address, .. command.Split(' ', StringSplitOptions.RemoveEmptyEntries)], input, isPerson, withToken ? [("AKKA_DURABLE_TOKEN", Token)] : []);
}
