using AkkaDurable.Sql.Internal.Writing;
using AkkaDurable.Storage;

namespace AkkaDurable.Sql.Tests.Writing;

public sealed class WriteQueueTests
{
    [Fact]
    public async Task A_group_holds_the_oldest_operations_and_each_record_once()
    {
        using var queue = Queue(3, "a1 b1 a2 c1 d1 b2");

        Assert.Equal("a1 b1 c1", await TakeAsync(queue));
        Assert.Equal("a2 d1 b2", await TakeAsync(queue));
    }

    [Fact]
    public async Task A_hot_record_goes_in_order_one_a_group_and_holds_up_nobody()
    {
        using var queue = Queue(4, "a1 a2 a3 b1 a4 c1 b2");

        Assert.Equal("a1 b1 c1", await TakeAsync(queue));
        Assert.Equal("a2 b2", await TakeAsync(queue));
        Assert.Equal("a3", await TakeAsync(queue));
        Assert.Equal("a4", await TakeAsync(queue));
    }

    [Fact]
    public async Task Where_records_may_repeat_a_group_is_simply_the_oldest()
    {
        using var queue = Queue(4, "a1 a2 a3 b1 a4 c1", repeats: true);

        Assert.Equal("a1 a2 a3 b1", await TakeAsync(queue));
        Assert.Equal("a4 c1", await TakeAsync(queue));
    }

    [Fact]
    public async Task A_group_ends_early_when_its_states_are_large_together()
    {
        using var queue = Queue(100, "");
        var large = new byte[3 << 20];
        foreach (var (name, state) in ((string, byte[])[])[("a1", []), ("b1", large), ("c1", large), ("d1", large), ("e1", []), ("f1", large)])
        {
            queue.TryAdd(new SaveOperation(Operation(name).Request with { State = state }, CancellationToken.None));
        }

        Assert.Equal("a1 b1 c1 d1", await TakeAsync(queue));
        Assert.Equal("e1 f1", await TakeAsync(queue));
    }

    [Fact]
    public async Task However_operations_are_mixed_those_on_one_record_stay_in_order_and_none_is_lost()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            using var queue = Queue(random.Next(1, 6), "");
            var (added, taken) = (new Dictionary<char, int>(), new Dictionary<char, int>());
            var (adds, takes) = (0, 0);
            while (takes < 200)
            {
                if (adds < 200 && (takes == adds || random.Next(3) > 0))
                {
                    // Key a is hot.
                    var key = random.Next(2) == 0 ? 'a' : (char)('a' + random.Next(8));
                    added[key] = added.GetValueOrDefault(key) + 1;
                    queue.TryAdd(Operation($"{key}{added[key]}"));
                    adds++;
                    continue;
                }

                var group = await TakeAsync(queue);
                Assert.NotEmpty(group);
                foreach (var name in group.Split(' '))
                {
                    Assert.Equal($"seed {seed}: {name[0]}{taken.GetValueOrDefault(name[0]) + 1}", $"seed {seed}: {name}");
                    taken[name[0]] = taken.GetValueOrDefault(name[0]) + 1;
                    takes++;
                }

                Assert.Equal(group.Split(' ').Length, group.Split(' ').DistinctBy(name => name[0]).Count());
            }
        }
    }

    [Fact]
    public async Task Whoever_waits_is_woken_by_the_first_operation()
    {
        using var queue = Queue(3, "");
        var waiting = queue.WaitAsync(0, block: false).AsTask();
        Assert.False(waiting.IsCompleted);

        queue.TryAdd(Operation("a1"));

        Assert.True(await waiting);
        var group = new List<WriteOperation>();
        queue.Take(0, group);
        Assert.Equal("a1", Names(group));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Closing_wakes_whoever_waits(bool block)
    {
        using var queue = Queue(3, "");
        var waiting = Task.Factory.StartNew(() => queue.WaitAsync(0, block).AsTask(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

        queue.Close();

        Assert.False(await waiting);
    }

    [Fact]
    public async Task A_closed_queue_gives_out_what_it_holds_and_takes_nothing_more()
    {
        using var queue = Queue(1, "a1 a2");
        queue.Close();

        Assert.False(queue.TryAdd(Operation("b1")));
        Assert.Equal("a1", await TakeAsync(queue));
        Assert.Equal("a2", await TakeAsync(queue));
        Assert.False(await queue.WaitAsync(0, block: false));
    }

    [Fact]
    public async Task Taking_all_empties_the_queue()
    {
        using var queue = Queue(2, "a1 a2 a3 b1 c1 d1");
        Assert.Equal("a1 b1", await TakeAsync(queue));
        var all = new List<WriteOperation>();

        queue.ReleaseAndTakeAll(all);

        Assert.Equal("a2 c1 d1 a3", Names(all));
        queue.Close();
        Assert.False(await queue.WaitAsync(0, block: false));
    }

    [Fact]
    public async Task What_hangs_on_a_group_that_fails_with_all_the_rest_is_taken_too()
    {
        using var queue = Queue(2, "a1 a2 a3 b1 c1");
        var group = new List<WriteOperation>();
        Assert.True(await queue.WaitAsync(0, block: false));
        queue.Take(0, group);
        Assert.Equal("a1 b1", Names(group));

        queue.ReleaseAndTakeAll(group);

        Assert.Equal("a1 b1 c1 a2 a3", Names(group));
        queue.TryAdd(Operation("a4"));
        Assert.Equal("a4", await TakeAsync(queue));
    }

    [Fact]
    public async Task A_further_writer_waits_for_a_full_group_of_free_records()
    {
        using var queue = new WriteQueue(2, maxGroupSize: 4, fullGroup: 3, repeatsRecords: false);
        var second = queue.WaitAsync(1, block: false).AsTask();
        queue.TryAdd(Operation("a1"));
        Assert.True(await second);
        var group = new List<WriteOperation>();
        queue.Take(1, group);
        var first = queue.WaitAsync(0, block: false).AsTask();
        foreach (var name in (string[])["a2", "a3", "a4", "b1", "b2", "c1"])
        {
            queue.TryAdd(Operation(name));
            Assert.False(first.IsCompleted);
        }

        queue.TryAdd(Operation("d1"));

        Assert.True(await first.WaitAsync(TimeSpan.FromSeconds(30)));
        var other = new List<WriteOperation>();
        queue.Take(0, other);
        Assert.Equal("b1 c1 d1", Names(other));
    }

    private static WriteQueue Queue(int size, string names, bool repeats = false)
    {
        var queue = new WriteQueue(1, size, size, repeats);
        foreach (var name in names.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.True(queue.TryAdd(Operation(name)));
        }

        return queue;
    }

    // The letter is the key, the number is kept in the revision.
    private static SaveOperation Operation(string name) =>
        new(new SaveRequest(new ServerId("counter", name[..1]), default, int.Parse(name[1..]), ServerStatus.Running, 1, null), CancellationToken.None);

    private static string Names(IEnumerable<WriteOperation> group) => string.Join(' ', group.Cast<SaveOperation>().Select(save => $"{save.Id.Key}{save.Request.Revision}"));

    private static async Task<string> TakeAsync(WriteQueue queue)
    {
        Assert.True(await queue.WaitAsync(0, block: false));
        var group = new List<WriteOperation>();
        queue.Take(0, group);
        queue.Release(group);
        return Names(group);
    }
}
