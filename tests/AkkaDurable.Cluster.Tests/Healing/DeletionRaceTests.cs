using System.Collections.Concurrent;
using System.Diagnostics;
using AkkaDurable.Sql;
using AkkaDurable.Storage;

namespace AkkaDurable.Cluster.Tests.Healing;

/// <summary>A server that is deleted and made anew from three nodes at once: one owner at a time, and what was deleted stays so.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "IAsyncLifetime disposes of it.")]
public sealed class DeletionRaceTests : IAsyncLifetime
{
    private const int Rounds = 500;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akka-durable-deletions-");
    private readonly List<TestNode> _nodes = [];
    private SqlStateStore _store = null!;

    public async Task InitializeAsync()
    {
        _store = SqlStateStore.Create(new SqlStateStoreOptions { ConnectionString = $"Data Source={Path.Combine(_folder.FullName, "state.db")}" });
        await _store.PrepareAsync();
        for (var i = 0; i < 3; i++)
        {
            var node = await TestNode.StartAsync(_store, _nodes.FirstOrDefault());
            _nodes.Add(node);
            await node.Servers.RegisterAsync<Life>("life", new DurableServerOptions { ShardCount = 10, CallTimeout = TimeSpan.FromSeconds(20) });
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var node in Enumerable.Reverse(_nodes))
        {
            await node.DisposeAsync();
        }

        await _store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Five_hundred_races_of_deletes_and_calls_leave_one_owner_and_nothing_comes_back()
    {
        var random = new Random(17);
        var lived = new ConcurrentBag<Lived>();
        var deleted = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var key = $"k-{round % 7}";
            var rivals = Enumerable.Range(0, 6).Select(i => (Node: i % 3, Delete: i == 0 || random.Next(3) == 0)).OrderBy(_ => random.Next()).ToList();
            var ends = await Task.WhenAll(rivals.Select(rival => Task.Run(() => rival.Delete ? DeleteAsync(rival.Node, key) : LiveAsync(rival.Node, key, lived))));
            deleted += ends.Count(end => end);

            // Between the races, alone: what was deleted for good does not come back. A call that began after it sees another life.
            var before = lived.Where(one => one.Key == key).Select(one => one.Id).ToHashSet();
            await DeleteAsync(round % 3, key);
            Assert.Null(await _store.ReadAsync(new("life", key)));
            await LiveAsync((round + 1) % 3, key, lived);
            var newest = lived.Where(one => one.Key == key).MaxBy(one => one.Began)!;
            Assert.DoesNotContain(newest.Id, before);
            Assert.Equal(1, newest.Count);
        }

        Assert.True(deleted >= Rounds, $"{deleted} deletes");

        // Two owners of one life would both count the same step.
        Assert.Empty(lived.GroupBy(one => (one.Key, one.Id, one.Count)).Where(step => step.Count() > 1).Select(step => step.Key));
        foreach (var life in lived.GroupBy(one => one.Id))
        {
            Assert.Equal(Enumerable.Range(1, life.Count()), life.Select(one => one.Count).Order());
        }
    }

    private async Task<bool> DeleteAsync(int node, string key) => await _nodes[node].Servers.For<Life>()[key].DeleteAsync();

    private async Task<bool> LiveAsync(int node, string key, ConcurrentBag<Lived> lived)
    {
        var began = Stopwatch.GetTimestamp();
        var state = await _nodes[node].Servers.For<Life>()[key].CallAsync(new Live());
        lived.Add(new(key, state.Id, state.Count, began));
        return false;
    }

    private sealed record Lived(string Key, Guid Id, int Count, long Began);

    public sealed record Live : ICall<LifeState>;

    public sealed record LifeState(Guid Id, int Count);

    /// <summary>Each life of it has an id of its own.</summary>
    public sealed class Life : DurableServer<LifeState>
    {
        protected override LifeState InitialState => new(Guid.NewGuid(), 0);

        protected override ValueTask<CallResult> HandleCall(object request, From from, LifeState state)
        {
            var next = state with { Count = state.Count + 1 };
            return request is Live ? Reply(next, next) : Unhandled(request);
        }
    }
}
