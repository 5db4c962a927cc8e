using System.Collections.Concurrent;

namespace AkkaDurable.Cluster.Tests.Groups;

/// <summary>What a watcher knows that goes by nothing but the batches it is told; checks that they make sense.</summary>
internal sealed class Picture : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;

    public Picture(TestNode node, LifecycleFilter filter, int capacity = 1_000) => _reading = Task.Run(() => ReadAsync(node, filter, capacity));

    public ConcurrentQueue<LifecycleBatch> Batches { get; } = new();

    public ConcurrentDictionary<string, LifecycleEvent> Now { get; } = new();

    public ConcurrentQueue<string> Faults { get; } = new();

    public IEnumerable<LifecycleEvent> Events => Batches.SelectMany(batch => batch.Events);

    public static string NameOf(LifecycleEvent told) => told.Member is { } member ? $"{member.Cluster}|{member.Group}|{member.Id}" : $"{told.ServerType}|{told.Key}";

    public Task UntilAsync(Func<Picture, bool> condition, string what) => Eventually.TrueAsync(() => Task.FromResult(condition(this)), what);

    public async Task BegunAsync() => await UntilAsync(picture => !picture.Batches.IsEmpty, "the watcher was told what there is");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _stop.Dispose();
        Assert.Empty(Faults);
    }

    private async Task ReadAsync(TestNode node, LifecycleFilter filter, int capacity)
    {
        try
        {
            await foreach (var batch in node.Servers.Events.WatchAsync(filter, capacity, _stop.Token))
            {
                Take(batch);
                Batches.Enqueue(batch);
            }
        }
        catch (OperationCanceledException)
        {
            // It was told to stop.
        }
    }

    private void Take(LifecycleBatch batch)
    {
        if (batch.Missed)
        {
            Now.Clear();
        }

        foreach (var told in batch.Events)
        {
            var name = NameOf(told);
            switch (told.Kind)
            {
                case LifecycleEventKind.Registered or LifecycleEventKind.Joined:
                    Fault(!Now.TryAdd(name, told), told, "is there already");
                    break;
                case LifecycleEventKind.Updated:
                    Fault(!Now.TryGetValue(name, out var before) || !before.Meta.Order().SequenceEqual(told.PreviousMeta!.Order()), told, "was something else before");
                    Now[name] = told;
                    break;
                default:
                    Fault(!Now.TryRemove(name, out _) || told.Reason is null, told, "is not there or has no reason");
                    break;
            }
        }
    }

    private void Fault(bool isFault, LifecycleEvent told, string what)
    {
        if (isFault)
        {
            Faults.Enqueue($"{told.Kind} {NameOf(told)}: {what}");
        }
    }
}
