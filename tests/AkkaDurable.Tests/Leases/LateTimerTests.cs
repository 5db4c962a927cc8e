using AkkaDurable.Internal.Leases;
using AkkaDurable.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AkkaDurable.Tests.Leases;

/// <summary>A timer that goes off just as the wait that it limits has ended. Nobody catches what it throws then: the process would end.</summary>
public sealed class LateTimerTests
{
    [Fact]
    public async Task A_node_lives_on_when_the_store_answers_at_the_moment_its_patience_ends()
    {
        var time = new LateTimers();
        var store = new InMemoryStateStore();
        await store.CreateLeaseAsync(7, "dead", TimeSpan.FromSeconds(5));
        var keeper = new NodeLeaseKeeper(store, time, NullLogger.Instance, "a", TimeSpan.FromSeconds(5));
        await keeper.StartAsync(CancellationToken.None);
        var gone = keeper.UntilGoneAsync(7);
        for (var i = 0; i < 60 || !gone.IsCompleted; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Yield();
        }

        await gone;
        await keeper.DisposeAsync();

        Assert.True(time.Made > 3);
        time.GoOffLate();
    }

    /// <summary>Remembers what its timers do, and does it again when they are long gone.</summary>
    private sealed class LateTimers : FakeTimeProvider
    {
        private readonly List<(TimerCallback Callback, object? State)> _made = [];

        public int Made => _made.Count;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            lock (_made)
            {
                _made.Add((callback, state));
            }

            return base.CreateTimer(callback, state, dueTime, period);
        }

        public void GoOffLate()
        {
            foreach (var (callback, state) in _made)
            {
                callback(state);
            }
        }
    }
}
