using System.Collections.Concurrent;
using AkkaDurable.Storage;

namespace AkkaDurable.Cluster.Tests;

/// <summary>What a store notes with a server comes back to it with that server's next save, and with no other's.</summary>
public sealed class StoreHintTests
{
    [Fact]
    public async Task What_the_store_noted_with_a_claim_or_save_comes_with_the_servers_next_save()
    {
        var store = new NotingStore();
        await using var node = await TestNode.StartAsync(store);
        var tallies = await node.Servers.RegisterAsync<Tally>("tally", new DurableServerOptions { ShardCount = 10, CallTimeout = TimeSpan.FromSeconds(20) });
        for (var call = 1; call <= 3; call++)
        {
            Assert.Equal(call, await tallies["a"].CallAsync(new Increment()));
            Assert.Equal(call, await tallies["b"].CallAsync(new Increment()));
        }

        Assert.Equal([100, 101, 102], store.Seen["a"]);
        Assert.Equal([100, 101, 102], store.Seen["b"]);
    }

    /// <summary>Notes 100 with each claim, and one more with each save.</summary>
    private sealed class NotingStore() : DelegatingStateStore(new InMemoryStateStore())
    {
        public ConcurrentDictionary<string, List<long>> Seen { get; } = new();

        public override ValueTask<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken = default)
        {
            request.Hint!.Value = 100;
            return base.ClaimAsync(request, cancellationToken);
        }

        public override ValueTask<SaveOutcome> SaveAsync(SaveRequest request, CancellationToken cancellationToken = default)
        {
            Seen.GetOrAdd(request.Id.Key, static _ => []).Add(request.Hint!.Value++);
            return base.SaveAsync(request, cancellationToken);
        }
    }
}
