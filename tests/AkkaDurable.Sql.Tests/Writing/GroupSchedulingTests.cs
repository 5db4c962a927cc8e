using System.Threading.Channels;
using AkkaDurable.Sql.Internal.Writing;
using AkkaDurable.Storage;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaDurable.Sql.Tests.Writing;

/// <summary>Several executors on one queue, against a model of what may be on its way when.</summary>
public sealed class GroupSchedulingTests
{
    private const int Executors = 3;
    private const int MaxGroup = 4;

    // Three quarters of it.
    private const int FullGroup = 3;

    private enum Step
    {
        Add,
        AddMore,
        AddHot,
        Commit,
        CommitSome,
        Contend,
        Lose,
    }

    [Fact]
    public async Task However_groups_end_each_record_stays_in_order_and_no_executor_idles_while_a_full_group_waits() =>
        await Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 11], Gen.Int[0, 2]).Array[1, 80].SampleAsync(
            async steps =>
            {
                await using var run = new Run();
                foreach (var (step, key, which) in steps)
                {
                    await run.DoAsync(step, key, which);
                }

                await run.FinishAsync();
            },
            iter: 300,
            threads: 1);

    [Fact]
    public async Task A_second_executor_helps_only_when_a_full_group_waits()
    {
        await using var run = new Run();
        await run.AddAsync("a");
        await run.AddAsync("b");
        await run.AddAsync("c");
        Assert.Equal(1, run.Busy);

        await run.AddAsync("d");

        Assert.Equal(2, run.Busy);
    }

    [Fact]
    public async Task A_hot_record_keeps_one_executor_busy_and_holds_up_nobody()
    {
        await using var run = new Run();
        for (var i = 0; i < 50; i++)
        {
            await run.AddAsync("hot");
        }

        Assert.Equal(1, run.Busy);
        await run.AddAsync("a");
        await run.AddAsync("b");
        await run.AddAsync("c");
        Assert.Equal(2, run.Busy);
        await run.FinishAsync();
    }

    private sealed class Run : IAsyncDisposable
    {
        private readonly Channel<ScriptedExecutor.Attempt> _attempts = Channel.CreateUnbounded<ScriptedExecutor.Attempt>();
        private readonly ScriptedExecutor[] _executors;
        private readonly GroupWriter _writer;
        private readonly List<SaveOperation> _waiting = [];
        private readonly Dictionary<ScriptedExecutor, ScriptedExecutor.Attempt> _onTheirWay = [];
        private readonly HashSet<SaveOperation> _through = [];
        private readonly List<SaveOperation> _added = [];

        public Run()
        {
            _executors = [.. Enumerable.Range(0, Executors).Select(_ => new ScriptedExecutor(_attempts))];
            _writer = new GroupWriter(_executors, new WriteBacklog(10_000), MaxGroup, "the database", TimeProvider.System, NullLogger.Instance);
        }

        public int Busy => _onTheirWay.Count;

        public async ValueTask DisposeAsync()
        {
            foreach (var executor in _executors)
            {
                executor.CommitTheRest();
            }

            await _writer.DisposeAsync();
            Assert.All(_executors, executor => Assert.True(executor.Disposed));
        }

        public async Task AddAsync(string key)
        {
            Add(key);
            await SettleAsync();
        }

        public async Task DoAsync(Step step, int key, int which)
        {
            switch (step)
            {
                case Step.Add:
                    Add($"{key}");
                    break;
                case Step.AddMore:
                    for (var i = 0; i < 6; i++)
                    {
                        Add($"{(key + i) % 12}");
                    }

                    break;
                case Step.AddHot:
                    Add("0");
                    Add("0");
                    break;
                default:
                    if (_onTheirWay.Count > 0)
                    {
                        await EndAsync(step, _onTheirWay.Values.ElementAt(which % _onTheirWay.Count));
                    }

                    break;
            }

            await SettleAsync();
        }

        /// <summary>Commits until nothing waits: each operation was sent, and answered.</summary>
        public async Task FinishAsync()
        {
            while (_onTheirWay.Count > 0)
            {
                await EndAsync(Step.Commit, _onTheirWay.Values.First());
                await SettleAsync();
            }

            Assert.Empty(_waiting);
            Assert.Equal(_added.Count, _through.Count);
            Assert.All(_added, operation => Assert.True(operation.Waiting.IsCompleted));
            Assert.False(_attempts.Reader.TryPeek(out _), "something was sent that did not wait");
        }

        private void Add(string key)
        {
            var operation = new SaveOperation(new SaveRequest(new ServerId("counter", key), default, 0, ServerStatus.Running, 1, null), CancellationToken.None);
            _added.Add(operation);
            _waiting.Add(operation);
            Assert.True(_writer.TryAdd(operation));
        }

        private async Task EndAsync(Step how, ScriptedExecutor.Attempt attempt)
        {
            if (how == Step.Contend)
            {
                attempt.Fail(FailureKind.Contention);
                await AgainAsync(attempt, attempt.Operations);
                return;
            }

            // The first member of a larger group loses a race.
            var again = how == Step.CommitSome && attempt.Operations.Count > 1 ? attempt.Operations.Take(1).ToArray() : [];
            if (how == Step.Lose)
            {
                attempt.Fail(FailureKind.Unknown);
            }
            else
            {
                attempt.Commit(again.Length > 0 ? again[0].Id.Key : "");
            }

            foreach (var operation in attempt.Operations.Except(again))
            {
                var failure = await Record.ExceptionAsync(() => operation.Waiting.AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
                Assert.Equal(how == Step.Lose, failure is StoreUnavailableException);
                Assert.True(_through.Add(operation), "answered twice");
            }

            _onTheirWay.Remove(attempt.Executor);
            if (again.Length > 0)
            {
                await AgainAsync(attempt, again);
            }
        }

        /// <summary>The same executor tries these again. Others may start meanwhile, as what was answered may have freed a full group.</summary>
        private async Task AgainAsync(ScriptedExecutor.Attempt before, IReadOnlyList<SaveOperation> operations)
        {
            _onTheirWay[before.Executor] = new ScriptedExecutor.Attempt(before.Executor, [.. operations]);
            while (true)
            {
                var next = await NextAsync();
                if (next.Executor == before.Executor)
                {
                    Assert.Equal(operations, next.Operations);
                    _onTheirWay[before.Executor] = next;
                    return;
                }

                Start(next);
            }
        }

        /// <summary>Waits for each group that must start now; one that does not, times out.</summary>
        private async Task SettleAsync()
        {
            while (_onTheirWay.Count < Executors && Free().Count >= (_onTheirWay.Count == 0 ? 1 : FullGroup))
            {
                Start(await NextAsync());
            }
        }

        private void Start(ScriptedExecutor.Attempt attempt)
        {
            Assert.InRange(attempt.Operations.Count, _onTheirWay.Count == 0 ? 1 : FullGroup, MaxGroup);
            Assert.False(_onTheirWay.ContainsKey(attempt.Executor), "two groups on one executor");

            // The oldest of each record, and none of a record that is on its way; so nothing is sent twice either.
            var free = Free();
            Assert.All(attempt.Operations, operation => Assert.Contains(operation, free));
            _onTheirWay.Add(attempt.Executor, attempt);
            _waiting.RemoveAll(attempt.Operations.Contains);
        }

        private HashSet<SaveOperation> Free()
        {
            var records = _onTheirWay.Values.SelectMany(attempt => attempt.Operations).Select(operation => operation.Id).ToHashSet();
            return [.. _waiting.Where(operation => records.Add(operation.Id))];
        }

        private async Task<ScriptedExecutor.Attempt> NextAsync() => await _attempts.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
    }
}
