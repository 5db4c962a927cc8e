using AkkaDurable.Sql.Internal.Writing;
using AkkaDurable.Storage;
using Microsoft.Extensions.Logging;

namespace AkkaDurable.Sql.Tests.Writing;

public sealed class GroupWriterTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly ScriptedExecutor _executor = new();
    private readonly WriteBacklog _backlog = new(100);
    private readonly LogLines _log = new();
    private readonly GroupWriter _writer;

    public GroupWriterTests() => _writer = new GroupWriter([_executor], _backlog, 4, "the database", TimeProvider.System, _log);

    public Task InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        _executor.CommitTheRest();
        await _writer.DisposeAsync();
        Assert.True(_executor.Disposed);
    }

    [Fact]
    public async Task A_lone_operation_goes_out_at_once_and_the_next_ones_collect_meanwhile()
    {
        var first = Add("a");
        var attempt = await _executor.NextAsync();
        Assert.Equal("a", attempt.Keys);

        Task<SaveOutcome>[] others = [Add("b"), Add("c"), Add("d"), Add("e"), Add("f")];
        Assert.False(_executor.HasMore);
        Assert.False(first.IsCompleted);
        attempt.Commit();
        Assert.Equal(SaveOutcome.Saved, await first);

        attempt = await _executor.NextAsync();
        Assert.Equal("b c d e", attempt.Keys);
        attempt.Commit();
        attempt = await _executor.NextAsync();
        Assert.Equal("f", attempt.Keys);
        attempt.Commit();
        Assert.All(await Task.WhenAll(others), outcome => Assert.Equal(SaveOutcome.Saved, outcome));
        Assert.Equal(3, _writer.Commits);
    }

    [Fact]
    public async Task Callers_who_were_just_answered_go_out_together_again()
    {
        // Four callers, each of whom comes back as soon as it is answered; a group that starts with the first of them would hold one.
        const int Rounds = 400;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        _executor.CommitTheRest();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(caller => Task.Run(async () =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                Assert.Equal(SaveOutcome.Saved, await Add($"key-{caller}").WaitAsync(patience.Token));
            }
        })));

        Assert.InRange(_writer.Commits, Rounds, Rounds * 4 * 3 / 4);
    }

    [Fact]
    public async Task When_a_member_is_at_fault_the_others_go_out_one_by_one()
    {
        var tasks = await BehindAnother("a", "b", "c");
        (await _executor.NextAsync()).Fail(FailureKind.Member);
        foreach (var key in (string[])["a", "b", "c"])
        {
            var attempt = await _executor.NextAsync();
            Assert.Equal(key, attempt.Keys);
            if (key == "b")
            {
                attempt.Fail(FailureKind.Member, "b is poison");
            }
            else
            {
                attempt.Commit();
            }
        }

        Assert.Equal(SaveOutcome.Saved, await tasks[0]);
        Assert.Equal("b is poison", (await Assert.ThrowsAsync<StoreUnavailableException>(() => tasks[1])).Message);
        Assert.Equal(SaveOutcome.Saved, await tasks[2]);
        Assert.Contains("b is poison", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_group_with_a_member_at_fault_goes_out_in_parts()
    {
        await using var writer = new GroupWriter([_executor], _backlog, 100, "the database", TimeProvider.System, _log);
        var first = Operation("first");
        Assert.True(writer.TryAdd(first));
        var attempt = await _executor.NextAsync();
        var operations = Enumerable.Range(0, 40).Select(i => Operation($"{i}")).ToArray();
        Assert.All(operations, operation => Assert.True(writer.TryAdd(operation)));
        attempt.Commit();
        (await _executor.NextAsync()).Fail(FailureKind.Member);

        // Parts of three; number 20 is at fault.
        var attempts = 0;
        for (var done = 0; done < 40; attempts++)
        {
            attempt = await _executor.NextAsync();
            var keys = attempt.Keys.Split(' ');
            if (keys.Contains("20"))
            {
                attempt.Fail(FailureKind.Member);
                done += keys.Length == 1 ? 1 : 0;
            }
            else
            {
                attempt.Commit();
                done += keys.Length;
            }
        }

        Assert.Equal(14 + 3, attempts);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => operations[20].Waiting.AsTask());
        Assert.All(await Task.WhenAll(operations.Where((_, i) => i != 20).Select(operation => operation.Waiting.AsTask())), outcome => Assert.Equal(SaveOutcome.Saved, outcome));
    }

    [Fact]
    public async Task Contention_is_tried_again_with_the_same_group()
    {
        var tasks = await BehindAnother("a", "b");
        for (var i = 0; i < 5; i++)
        {
            var attempt = await _executor.NextAsync();
            Assert.Equal("a b", attempt.Keys);
            attempt.Fail(FailureKind.Contention);
        }

        (await _executor.NextAsync()).Commit();

        Assert.All(await Task.WhenAll(tasks), outcome => Assert.Equal(SaveOutcome.Saved, outcome));
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task Contention_without_end_fails_the_group_and_not_what_comes_after()
    {
        var tasks = await BehindAnother("a", "b");
        for (var i = 0; i < 10; i++)
        {
            (await _executor.NextAsync()).Fail(FailureKind.Contention);
        }

        Assert.All(tasks, task => Assert.Throws<StoreUnavailableException>(() => task.GetAwaiter().GetResult()));
        var next = Add("c");
        (await _executor.NextAsync()).Commit();
        Assert.Equal(SaveOutcome.Saved, await next);
    }

    [Fact]
    public async Task Operations_that_lost_a_race_run_again_without_the_others()
    {
        var tasks = await BehindAnother("a", "b", "c");
        (await _executor.NextAsync()).Commit(undecided: "a c");

        Assert.Equal(SaveOutcome.Saved, await tasks[1]);
        Assert.False(tasks[0].IsCompleted);
        var again = await _executor.NextAsync();
        Assert.Equal("a c", again.Keys);
        again.Commit();
        Assert.All(await Task.WhenAll(tasks), outcome => Assert.Equal(SaveOutcome.Saved, outcome));
    }

    [Fact]
    public async Task What_was_read_before_a_rollback_does_not_count()
    {
        var tasks = await BehindAnother("a", "b");
        (await _executor.NextAsync()).Fail(FailureKind.Contention);
        (await _executor.NextAsync()).Commit(undecided: "a");

        Assert.Equal(SaveOutcome.Saved, await tasks[1]);
        Assert.False(tasks[0].IsCompleted);
        Assert.Equal("a", (await _executor.NextAsync()).Keys);
    }

    [Fact]
    public async Task An_unknown_end_fails_the_group_alone_whatever_was_read_before()
    {
        var first = Add("a");
        var attempt = await _executor.NextAsync();
        var second = Add("b");
        attempt.Fail(FailureKind.Unknown, "the connection broke");

        Assert.Equal("the connection broke", (await Assert.ThrowsAsync<StoreUnavailableException>(() => first)).Message);
        (await _executor.NextAsync()).Commit();
        Assert.Equal(SaveOutcome.Saved, await second);
    }

    [Fact]
    public async Task When_the_database_cannot_be_reached_everything_that_waits_fails_at_once()
    {
        var tasks = new List<Task<SaveOutcome>> { Add("a") };
        var attempt = await _executor.NextAsync();
        tasks.AddRange(Enumerable.Range(0, 50).Select(i => Add($"b{i}")));
        attempt.Fail(FailureKind.Unreachable);

        foreach (var task in tasks)
        {
            Assert.Equal(CallOutcome.NotApplied, (await Assert.ThrowsAsync<StoreUnavailableException>(() => task)).Outcome);
        }

        Assert.Equal(tasks.Count, tasks.Select(task => task.Exception!.InnerException).Distinct().Count());
        Assert.True(Enumerable.Range(0, 100).All(_ => _backlog.TryEnter()), "the failed operations still count as waiting");
        _backlog.Leave(100, 0);
    }

    [Fact]
    public async Task What_broke_off_after_it_was_sent_may_have_been_written()
    {
        var lost = Add("a");
        (await _executor.NextAsync()).Fail(FailureKind.Unknown);
        Assert.Equal(CallOutcome.Unknown, (await Assert.ThrowsAsync<StoreUnavailableException>(() => lost)).Outcome);
    }

    [Fact]
    public async Task An_outage_is_logged_once_and_so_is_its_end()
    {
        for (var i = 0; i < 3; i++)
        {
            var lost = Add("a");
            (await _executor.NextAsync()).Fail(FailureKind.Unreachable, "no connection");
            await Assert.ThrowsAsync<StoreUnavailableException>(() => lost);
        }

        for (var i = 0; i < 3; i++)
        {
            var saved = Add("a");
            (await _executor.NextAsync()).Commit();
            await saved;
        }

        Assert.Equal(["Warning Writes fail: no connection", "Information the database: writes succeed again"], _log.Lines);
    }

    [Fact]
    public async Task An_executor_that_throws_fails_its_group_and_the_writer_goes_on()
    {
        var first = Add("a");
        (await _executor.NextAsync()).Outcome.SetException(new FormatException("a bug"));

        Assert.IsType<FormatException>((await Assert.ThrowsAsync<StoreUnavailableException>(() => first)).InnerException);
        var second = Add("b");
        (await _executor.NextAsync()).Commit();
        Assert.Equal(SaveOutcome.Saved, await second);
    }

    [Fact]
    public async Task Whoever_gave_up_is_left_out_of_the_group()
    {
        using var patience = new CancellationTokenSource();
        var first = Add("a");
        var attempt = await _executor.NextAsync();
        var gone = Add("b", patience.Token);
        var stays = Add("c");
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        attempt.Commit();

        attempt = await _executor.NextAsync();
        Assert.Equal("c", attempt.Keys);
        attempt.Commit();
        await Task.WhenAll(first, stays);
    }

    [Fact]
    public async Task Whoever_gives_up_while_the_group_is_on_its_way_stops_waiting_at_once()
    {
        using var patience = new CancellationTokenSource();
        var gone = Add("a", patience.Token);
        var attempt = await _executor.NextAsync();

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        attempt.Fail(FailureKind.Unknown);
    }

    [Fact]
    public async Task Disposing_waits_for_what_waits()
    {
        var first = Add("a");
        var attempt = await _executor.NextAsync();
        var second = Add("b");
        var disposing = _writer.DisposeAsync().AsTask();
        Assert.False(_writer.TryAdd(Operation("c")));
        Assert.False(disposing.IsCompleted);

        attempt.Commit();
        (await _executor.NextAsync()).Commit();

        await disposing;
        Assert.Equal(SaveOutcome.Saved, await first);
        Assert.Equal(SaveOutcome.Saved, await second);
    }

    private static SaveOperation Operation(string key, CancellationToken cancellationToken = default) =>
        new(new SaveRequest(new ServerId("counter", key), default, 0, ServerStatus.Running, 1, null), cancellationToken);

    private Task<SaveOutcome> Add(string key, CancellationToken cancellationToken = default)
    {
        var operation = Operation(key, cancellationToken);
        Assert.True(_backlog.TryEnter());
        Assert.True(_writer.TryAdd(operation));
        return operation.Waiting.AsTask();
    }

    /// <summary>Queues operations while another is on its way, so that they make one group.</summary>
    private async Task<Task<SaveOutcome>[]> BehindAnother(params string[] keys)
    {
        var first = Add("first");
        var attempt = await _executor.NextAsync();
        var tasks = keys.Select(key => Add(key)).ToArray();
        attempt.Commit();
        await first;
        return tasks;
    }

    private sealed class LogLines : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{logLevel} {formatter(state, exception)}");
    }
}
