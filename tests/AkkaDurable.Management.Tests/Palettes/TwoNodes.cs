using AkkaDurable.Storage;
using Microsoft.AspNetCore.Builder;

namespace AkkaDurable.Management.Tests.Palettes;

/// <summary>A cluster of two nodes in two regions, eu (the older) and us.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "IAsyncLifetime disposes of it.")]
public sealed class TwoNodes : IAsyncLifetime
{
    private readonly InMemoryStateStore _store = new();

    internal ManagedNode Eu { get; private set; } = null!;

    internal ManagedNode Us { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Eu = await ManagedNode.StartAsync(_store, "eu", map: app => app.MapAkkaDurable());
        Us = await ManagedNode.StartAsync(_store, "us", Eu, map: app => app.MapAkkaDurable());
        await Eventually.TrueAsync(async () => (await Eu.RowsAsync("cluster show")).Count(row => row["status"] is Akka.Cluster.MemberStatus.Up && row["servers"] is not null) == 2, "both nodes are up and report");
    }

    public async Task DisposeAsync()
    {
        await Us.DisposeAsync();
        await Eu.DisposeAsync();
        await _store.DisposeAsync();
    }
}
