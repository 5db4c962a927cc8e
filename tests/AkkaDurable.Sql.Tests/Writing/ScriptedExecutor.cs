using System.Collections.Concurrent;
using System.Threading.Channels;
using AkkaDurable.Sql.Internal.Writing;
using AkkaDurable.Storage;

namespace AkkaDurable.Sql.Tests.Writing;

/// <summary>An executor that shows each group to the test and does with it what the test says.</summary>
/// <param name="shared">Where to show them, for several executors that show theirs in one place.</param>
internal sealed class ScriptedExecutor(Channel<ScriptedExecutor.Attempt>? shared = null) : IGroupExecutor
{
    private readonly Channel<Attempt> _attempts = shared ?? Channel.CreateUnbounded<Attempt>();
    private readonly ConcurrentBag<Attempt> _all = [];
    private volatile bool _commits;

    public bool Blocks => false;

    public bool RepeatsRecords => false;

    public bool Disposed { get; private set; }

    public async ValueTask<WriteFailure?> ExecuteAsync(IReadOnlyList<WriteOperation> group, DateTimeOffset now)
    {
        var attempt = new Attempt(this, [.. group.Cast<SaveOperation>()]);
        _all.Add(attempt);
        await _attempts.Writer.WriteAsync(attempt);
        if (_commits)
        {
            attempt.Commit();
        }

        return await attempt.Outcome.Task;
    }

    /// <summary>Waits for the next group.</summary>
    public async Task<Attempt> NextAsync() => await _attempts.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>From now on every group is committed, also those that are on their way; so a test that failed in the middle does not hang.</summary>
    public void CommitTheRest()
    {
        _commits = true;
        foreach (var attempt in _all)
        {
            attempt.Commit();
        }
    }

    public bool HasMore => _attempts.Reader.TryPeek(out _);

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return ValueTask.CompletedTask;
    }

    public sealed class Attempt(ScriptedExecutor executor, SaveOperation[] operations)
    {
        public ScriptedExecutor Executor => executor;

        public IReadOnlyList<SaveOperation> Operations => operations;

        public TaskCompletionSource<WriteFailure?> Outcome { get; } = new();

        public string Keys => string.Join(' ', operations.Select(operation => operation.Id.Key));

        /// <summary>Commits; operations on the named keys are left to be run again.</summary>
        public void Commit(string undecided = "")
        {
            foreach (var operation in operations.Where(operation => !undecided.Split(' ').Contains(operation.Id.Key)))
            {
                operation.Decide(SaveOutcome.Saved);
            }

            Outcome.TrySetResult(null);
        }

        /// <summary>Fails, after having said of all operations that they were saved.</summary>
        public void Fail(FailureKind kind, string message = "failed")
        {
            foreach (var operation in operations)
            {
                operation.Decide(SaveOutcome.Saved);
            }

            Outcome.SetResult(new WriteFailure(kind, message, null));
        }
    }
}
