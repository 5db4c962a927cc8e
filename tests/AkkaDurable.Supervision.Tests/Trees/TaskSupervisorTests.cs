using AkkaDurable.Supervision.Tests.Support;

namespace AkkaDurable.Supervision.Tests.Trees;

public sealed class TaskSupervisorTests : TreeTest
{
    [Fact]
    public async Task A_task_gives_its_result()
    {
        var tasks = (await StartAsync(Supervisor.Tasks("root"))).Tasks();

        Assert.Equal(42, await tasks.RunAsync(async _ =>
        {
            await Task.Yield();
            return 42;
        }));
    }

    [Fact]
    public async Task A_task_that_throws_fails_its_caller_and_nobody_else()
    {
        var tasks = (await StartAsync(Supervisor.Tasks("root") with { Intensity = new(0, TimeSpan.FromSeconds(5)) })).Tasks();

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => tasks.RunAsync<int>(_ => throw new InvalidOperationException("no luck")));

        Assert.Equal("no luck", failure.Message);
        Assert.Equal(1, await tasks.RunAsync(_ => Task.FromResult(1)));
    }

    [Fact]
    public async Task A_task_is_ended_by_its_callers_token()
    {
        var tasks = (await StartAsync(Supervisor.Tasks("root"))).Tasks();
        using var cancellation = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        var running = tasks.RunAsync(
            async stop =>
            {
                started.SetResult();
                await Task.Delay(Timeout.Infinite, stop);
                return 0;
            },
            cancellationToken: cancellation.Token);
        await started.Task;

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task Tasks_are_ended_with_their_supervisor()
    {
        var tree = await StartAsync(Supervisor.Tasks("root"));
        var running = tree.Tasks().RunAsync(Forever);
        await Log.ExpectAsync("task starts");

        await tree.StopAsyncInTime();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task A_task_that_does_not_listen_is_left_behind()
    {
        var time = new WaitableTime();
        Options = Options with { TimeProvider = time };
        var tree = await StartAsync(Supervisor.Tasks("root"));
        var deaf = new TaskCompletionSource<int>();
        var running = tree.Tasks().RunAsync(
            _ =>
            {
                Log.Add("task starts");
                return deaf.Task;
            },
            Shutdown.After(TimeSpan.FromSeconds(2)));
        await Log.ExpectAsync("task starts");

        var stopping = tree.StopAsync();
        await time.PassAsync(TimeSpan.FromSeconds(2));

        await stopping.WaitAsync(TimeSpan.FromSeconds(20));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task More_than_the_most_tasks_are_refused()
    {
        var tasks = (await StartAsync(Supervisor.Tasks("root") with { MaxChildren = 1 })).Tasks();
        (await tasks.StartChildAsync(Forever)).OrThrow();

        var refused = await Assert.ThrowsAsync<SupervisorRequestException>(() => tasks.RunAsync(_ => Task.FromResult(1)));

        Assert.Equal(ChildError.MaxChildren, refused.Result.Error);
        Assert.Equal(1, await tasks.CountAsync());
    }

    [Fact]
    public async Task A_transient_task_is_run_again_until_it_succeeds()
    {
        var tree = await StartAsync(Supervisor.Tasks("root"));
        var runs = 0;
        var succeeded = new TaskCompletionSource();

        await tree.Tasks().StartChildAsync(
            _ =>
            {
                if (Interlocked.Increment(ref runs) < 3)
                {
                    throw new InvalidOperationException("not yet");
                }

                succeeded.SetResult();
                return Task.CompletedTask;
            },
            Restart.Transient);

        await succeeded.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(3, runs);
    }

    [Fact]
    public async Task A_stream_keeps_the_order_and_its_bound()
    {
        var tasks = (await StartAsync(Supervisor.Tasks("root"))).Tasks();
        var (running, most) = (0, 0);
        var random = new Random(7);
        var delays = Enumerable.Range(0, 40).Select(_ => random.Next(3)).ToArray();

        var results = new List<int>();
        await foreach (var outcome in tasks.StreamAsync(Enumerable.Range(0, 40), Work, new TaskStreamOptions { MaxConcurrency = 3 }))
        {
            results.Add(outcome.Value);
        }

        Assert.Equal(Enumerable.Range(0, 40).Select(number => number * 2), results);
        Assert.InRange(most, 2, 3);

        async Task<int> Work(int number, CancellationToken stop)
        {
            var now = Interlocked.Increment(ref running);
            lock (delays)
            {
                most = Math.Max(most, now);
            }

            await Task.Delay(delays[number], stop);
            Interlocked.Decrement(ref running);
            return number * 2;
        }
    }

    [Fact]
    public async Task A_stream_without_order_gives_what_is_ready_first()
    {
        var tasks = (await StartAsync(Supervisor.Tasks("root"))).Tasks();
        var first = new TaskCompletionSource<int>();
        var results = new List<int>();

        await foreach (var outcome in tasks.StreamAsync(
            [1, 2, 3],
            (number, _) => number == 1 ? first.Task : Task.FromResult(number),
            new TaskStreamOptions { MaxConcurrency = 2, Ordered = false }))
        {
            results.Add(outcome.Value);
            if (results.Count == 2)
            {
                first.SetResult(1);
            }
        }

        Assert.Equal([2, 3, 1], results);
    }

    [Fact]
    public async Task Failures_in_a_stream_are_outcomes_with_their_element()
    {
        var tasks = (await StartAsync(Supervisor.Tasks("root"))).Tasks();
        var outcomes = new List<string>();

        await foreach (var outcome in tasks.StreamAsync([1, 2], (number, _) => number == 1 ? throw new InvalidOperationException("odd") : Task.FromResult("even")))
        {
            outcomes.Add($"{outcome.Input} {outcome.IsOk} {outcome.Value ?? outcome.Failure!.ToString()}");
        }

        Assert.Equal(["1 False error: InvalidOperationException: odd", "2 True even"], outcomes);
    }

    [Fact]
    public async Task A_task_that_takes_too_long_fails_the_stream_or_is_an_outcome()
    {
        var time = new WaitableTime();
        Options = Options with { TimeProvider = time };
        var tasks = (await StartAsync(Supervisor.Tasks("root"))).Tasks();
        var limited = new TaskStreamOptions { Timeout = TimeSpan.FromSeconds(9) };

        var failing = Collect(limited);
        await time.TimerAsync(TimeSpan.FromSeconds(9));
        await Log.ExpectAsync("task starts");
        time.Advance(TimeSpan.FromSeconds(9));
        await Assert.ThrowsAsync<TimeoutException>(() => failing.WaitAsync(TimeSpan.FromSeconds(20)));

        var reporting = Collect(limited with { ReportTimeouts = true });
        var next = await Task.WhenAny(reporting, Log.ExpectAsync("task starts"));
        Assert.NotSame(reporting, next);
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.IsType<TimeoutException>(Assert.Single(await reporting.WaitAsync(TimeSpan.FromSeconds(20))).Failure?.Exception);

        async Task<List<TaskOutcome<int, int>>> Collect(TaskStreamOptions options)
        {
            var outcomes = new List<TaskOutcome<int, int>>();
            await foreach (var outcome in tasks.StreamAsync([1], (_, stop) => Forever(stop), options))
            {
                outcomes.Add(outcome);
            }

            return outcomes;
        }
    }

    [Fact]
    public async Task Leaving_a_stream_ends_the_tasks_under_way()
    {
        var tree = await StartAsync(Supervisor.Tasks("root"));
        var ended = new TaskCompletionSource();

        await foreach (var outcome in tree.Tasks().StreamAsync([1, 2], Work, new TaskStreamOptions { MaxConcurrency = 2, Ordered = false }))
        {
            Assert.Equal(1, outcome.Value);
            break;
        }

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(20));

        async Task<int> Work(int number, CancellationToken stop)
        {
            if (number == 1)
            {
                return 1;
            }

            try
            {
                await Task.Delay(Timeout.Infinite, stop);
            }
            finally
            {
                ended.TrySetResult();
            }

            return 0;
        }
    }

    [Fact]
    public async Task Elements_are_taken_as_they_are_needed()
    {
        var tasks = (await StartAsync(Supervisor.Tasks("root"))).Tasks();
        var taken = 0;

        await foreach (var _ in tasks.StreamAsync(Endless(), (number, _) => Task.FromResult(number), new TaskStreamOptions { MaxConcurrency = 2, Ordered = false }))
        {
            if (taken >= 10)
            {
                break;
            }
        }

        // Looked at after each outcome; at most two are taken between two outcomes.
        Assert.InRange(taken, 10, 11);

        IEnumerable<int> Endless()
        {
            while (true)
            {
                yield return taken++;
            }
        }
    }

    private async Task<int> Forever(CancellationToken stop)
    {
        Log.Add("task starts");
        await Task.Delay(Timeout.Infinite, stop);
        return 0;
    }
}
