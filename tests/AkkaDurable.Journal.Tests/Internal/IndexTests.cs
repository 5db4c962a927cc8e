using Akka.Actor;
using AkkaDurable.Journal.Tests.Plugins;
using AkkaDurable.Storage;

namespace AkkaDurable.Journal.Tests.Internal;

/// <summary>The index over its whole life: many small changes, snapshots, other processes, trimming.</summary>
public sealed class IndexTests : IAsyncLifetime
{
    private readonly string _tape = Guid.NewGuid().ToString("N");
    private readonly List<ActorSystem> _systems = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Task.WhenAll(_systems.Select(system => system.Terminate()));

    [Fact]
    public async Task Keys_that_come_and_go_one_by_one_from_several_processes_are_all_listed()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        IStateStore[] stores = [await OpenAsync(time), await OpenAsync(time)];
        var expected = new SortedSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 4_000; i++)
        {
            var key = $"key-{i:D5}";
            var record = (await stores[i % 2].ClaimAsync(new ClaimRequest(new ServerId("counter", key), i, "node", true, 1))).Record;
            expected.Add(key);
            if (i % 3 == 0)
            {
                await stores[i % 2].DeleteAsync(record.Id, record.Token);
                expected.Remove(key);
            }
        }

        time.Advance(TimeSpan.FromSeconds(61));
        await Eventually.TrueAsync(() => Task.FromResult(IndexEvents() < 3_000), "the index is trimmed up to its snapshots");

        foreach (var store in (IStateStore[])[.. stores, await OpenAsync(time)])
        {
            var listed = await store.ListAsync(new ServerQuery("counter") { PageSize = 1_000, AfterKey = "key-00500" });
            Assert.Equal(expected.Where(key => string.CompareOrdinal(key, "key-00500") > 0).Take(1_000), listed.Select(record => record.Id.Key));
            Assert.Equal(expected.Count, (await store.CountAsync(new ServerQuery("counter")))[ServerStatus.Running]);
        }
    }

    private int IndexEvents() => Enumerable.Range(0, 8).Sum(part => ScriptedJournal.TapeOf(_tape).Read($"akka-durable/i/counter/{part}").Count);

    private async Task<IStateStore> OpenAsync(TimeProvider time)
    {
        var system = ActorSystem.Create("index", ScriptedJournal.Settings(_tape));
        _systems.Add(system);
        var store = JournalStateStore.Create(system, timeProvider: time);
        await store.PrepareAsync();
        return store;
    }
}
