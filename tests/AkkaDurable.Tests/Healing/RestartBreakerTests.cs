using AkkaDurable.Internal.Healing;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace AkkaDurable.Tests.Healing;

public sealed class RestartBreakerTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void It_opens_with_the_last_crash_and_closes_after_its_time()
    {
        var breaker = New(3);
        Assert.False(breaker.Note());
        Assert.False(breaker.Note());
        Assert.False(breaker.IsOpen);
        Assert.True(breaker.Note());
        Assert.Equal(TimeSpan.FromMinutes(10), breaker.OpenFor);
        _time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(TimeSpan.FromMinutes(1), breaker.OpenFor);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(breaker.IsOpen);
    }

    [Fact]
    public void Crashes_while_it_is_open_and_from_before_count_no_more()
    {
        var breaker = New(2);
        breaker.Note();
        Assert.True(breaker.Note());
        Assert.False(breaker.Note());
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.False(breaker.Note());
        Assert.False(breaker.IsOpen);
        Assert.True(breaker.Note());
    }

    [Fact]
    public void Crashes_outside_the_window_do_not_count()
    {
        var breaker = New(2);
        for (var i = 0; i < 10; i++)
        {
            Assert.False(breaker.Note());
            _time.Advance(TimeSpan.FromMinutes(5));
        }
    }

    [Fact]
    public void Closed_before_its_time_it_has_forgotten_the_crashes_and_can_open_again()
    {
        var breaker = New(2);
        var opened = 0;
        breaker.Opened += () => opened++;
        breaker.Note();
        breaker.Note();
        Assert.Equal(1, opened);
        breaker.Close();
        Assert.False(breaker.IsOpen);
        Assert.False(breaker.Note());
        Assert.True(breaker.Note());
        Assert.Equal(2, opened);
    }

    [Fact]
    public void Without_a_number_it_never_opens()
    {
        var breaker = New(null);
        for (var i = 0; i < 1_000; i++)
        {
            Assert.False(breaker.Note());
        }
    }

    [Fact]
    public void Of_crashes_at_the_same_moment_one_opens_it()
    {
        for (var round = 0; round < 200; round++)
        {
            var breaker = New(4);
            var opened = 0;
            Parallel.For(0, 8, _ => Interlocked.Add(ref opened, breaker.Note() ? 1 : 0));
            Assert.Equal(1, opened);
            Assert.True(breaker.IsOpen);
        }
    }

    [Fact]
    public void Any_crashes_open_it_when_enough_are_in_the_window() =>
        Gen.Select(Gen.Int[1, 6], Gen.Int[0, 400].Array[0, 60]).Sample((most, gaps) =>
        {
            var time = new FakeTimeProvider();
            var breaker = new RestartBreaker(time, most, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10));
            var (now, openUntil, counted) = (0, -1, new List<int>());
            foreach (var gap in gaps)
            {
                now += gap;
                time.Advance(TimeSpan.FromSeconds(gap));
                if (now < openUntil)
                {
                    Assert.True(breaker.IsOpen);
                    Assert.False(breaker.Note());
                    continue;
                }

                Assert.False(breaker.IsOpen);
                counted.Add(now);
                counted.RemoveAll(at => now - at >= 300);
                var opens = counted.Count >= most;
                Assert.Equal(opens, breaker.Note());
                if (opens)
                {
                    openUntil = now + 600;
                    counted.Clear();
                }
            }
        });

    private RestartBreaker New(int? most) => new(_time, most, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10));
}
