namespace AkkaDurable.Benchmarks.Contenders.Bare;

/// <summary>A thread that takes what waits, at most a group, and writes it with one commit. It owns its counters, so it knows their counts without asking.</summary>
internal sealed class GroupWriter : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<Waiting> _queue = [];
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly IGroupSink _sink;
    private readonly int _groupSize;
    private readonly CounterChange[] _counters;
    private readonly Thread _thread;
    private bool _ending;

    public GroupWriter(IGroupSink sink, int groupSize, int counters)
    {
        _sink = sink;
        _groupSize = groupSize;
        _counters = [.. Enumerable.Range(0, counters).Select(counter => new CounterChange(counter, 0, 0))];
        _thread = new Thread(Run) { IsBackground = true, Name = "bare database" };
        _thread.Start();
    }

    public ValueTask<int> IncrementAsync(int counter) => Enqueue(counter, change: 1);

    /// <summary>Reads from the database.</summary>
    public ValueTask<int> ReadAsync(int counter) => Enqueue(counter, change: 0);

    public void Dispose()
    {
        _ending = true;
        _arrived.Release();
        _thread.Join();
        _sink.Dispose();
        _arrived.Dispose();
    }

    private ValueTask<int> Enqueue(int counter, int change)
    {
        var waiting = new Waiting(counter, change);
        bool wasEmpty;
        lock (_gate)
        {
            wasEmpty = _queue.Count == 0;
            _queue.Enqueue(waiting);
        }

        if (wasEmpty)
        {
            _arrived.Release();
        }

        return new ValueTask<int>(waiting.Task);
    }

    private void Run()
    {
        List<Waiting> group = [];
        Dictionary<int, CounterChange> changes = [];
        while (true)
        {
            Take(group);
            if (group.Count == 0)
            {
                if (_ending)
                {
                    return;
                }

                _arrived.Wait();
                continue;
            }

            try
            {
                Write(group, changes);
            }
            catch (Exception exception)
            {
                // Whatever the database has against it, the callers learn and the run reports.
                group.ForEach(waiting => waiting.TrySetException(exception));
            }
        }
    }

    private void Take(List<Waiting> group)
    {
        group.Clear();
        lock (_gate)
        {
            while (group.Count < _groupSize && _queue.TryDequeue(out var waiting))
            {
                group.Add(waiting);
            }
        }
    }

    private void Write(List<Waiting> group, Dictionary<int, CounterChange> changes)
    {
        foreach (var waiting in group)
        {
            if (waiting.Change == 0)
            {
                waiting.Count = _sink.Read(waiting.Counter);
                continue;
            }

            // A counter that occurs twice in a group is one row.
            ref var counter = ref _counters[waiting.Counter];
            waiting.Count = counter.Count + waiting.Change;
            counter = counter with { Count = waiting.Count };
            changes[waiting.Counter] = counter;
        }

        if (changes.Count > 0)
        {
            _sink.Write(changes.Values);
            foreach (var change in changes.Values)
            {
                _counters[change.Counter] = change with { Revision = change.Revision + 1 };
            }

            changes.Clear();
        }

        group.ForEach(waiting => waiting.TrySetResult(waiting.Count));
    }

    private sealed class Waiting(int counter, int change) : TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public int Counter => counter;

        public int Change => change;

        public int Count { get; set; }
    }
}
