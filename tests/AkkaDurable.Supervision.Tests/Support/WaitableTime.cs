using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace AkkaDurable.Supervision.Tests.Support;

/// <summary>A clock that stands still, and tells when somebody has set a timer by it.</summary>
internal sealed class WaitableTime : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Waits until the next timer is set, and moves time on by what it is set to.</summary>
    public async Task PassAsync(TimeSpan expected)
    {
        await TimerAsync(expected);
        Advance(expected);
    }

    /// <summary>Waits until the next timer is set.</summary>
    public async Task TimerAsync(TimeSpan expected) =>
        Assert.Equal(expected, await _timers.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20)));
}
