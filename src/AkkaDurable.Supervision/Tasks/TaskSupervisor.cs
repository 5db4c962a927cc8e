using System.Runtime.CompilerServices;
using AkkaDurable.Supervision.Internal.Runtime;
using AkkaDurable.Supervision.Internal.Specs;
using AkkaDurable.Supervision.Internal.State;
using AkkaDurable.Supervision.Internal.Tasks;

namespace AkkaDurable.Supervision;

/// <summary>Runs tasks below a supervisor: they are counted, limited, logged when they fail, and ended with it. Safe to use from any thread.</summary>
/// <remarks>A task is asked to end by its token. One that does not listen is left behind when its shutdown time is over. Tasks run on the thread pool.</remarks>
public sealed class TaskSupervisor
{
    private readonly CellAddress _address;
    private readonly TimeProvider _time;

    internal TaskSupervisor(CellAddress address, TimeProvider time)
    {
        _address = address;
        _time = time;
    }

    /// <summary>The supervisor, to list and terminate tasks.</summary>
    public DynamicSupervisor Supervisor => new(_address);

    /// <summary>Starts a task whose result nobody waits for.</summary>
    /// <param name="work">The task.</param>
    /// <param name="restart">When it is run again.</param>
    /// <param name="shutdown">How it is ended; null: 5 s.</param>
    /// <param name="cancellationToken">Ends the wait for the start.</param>
    /// <returns>Ok when it was started, or <see cref="ChildError.MaxChildren"/>.</returns>
    public Task<ChildResult> StartChildAsync(Func<CancellationToken, Task> work, Restart restart = Restart.Temporary, Shutdown? shutdown = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        var spec = new HandleSpec("task", _ => Task.FromResult(ChildStart.Ok(TaskRun.Start(work)))) { Restart = restart };
        return Start(shutdown is { } how ? spec with { Shutdown = how } : spec, cancellationToken);
    }

    /// <summary>Runs a task and gives its result.</summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="work">The task. Its token is cancelled when the supervisor ends, or when <paramref name="cancellationToken"/> is.</param>
    /// <param name="shutdown">How it is ended; null: 5 s.</param>
    /// <param name="cancellationToken">Ends the task.</param>
    /// <returns>The result. Fails with what the task throws; is cancelled when the task was ended.</returns>
    /// <exception cref="SupervisorRequestException">There are as many tasks as there may be, or the supervisor does not run.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, Shutdown? shutdown = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        var run = new TaskRun<T>(work);
        var spec = new HandleSpec("task", _ => Task.FromResult(ChildStart.Ok(run.Begin()))) { Restart = Restart.Temporary };
        await using (cancellationToken.Register(run.RequestStop))
        {
            (await Start(shutdown is { } how ? spec with { Shutdown = how } : spec, CancellationToken.None).ConfigureAwait(false)).OrThrow();
            return await run.Result.ConfigureAwait(false);
        }
    }

    /// <summary>Runs a function for each element, several at a time. Elements are taken as they are needed.</summary>
    /// <typeparam name="TInput">An element.</typeparam>
    /// <typeparam name="TOutput">Its result.</typeparam>
    /// <param name="inputs">The elements.</param>
    /// <param name="work">The function; each run is a task of this supervisor.</param>
    /// <param name="options">How many at a time, in which order, how long; null: the defaults.</param>
    /// <param name="cancellationToken">Ends the stream and its tasks.</param>
    /// <returns>The outcomes. When the loop over them is left, the tasks that are under way are ended.</returns>
    /// <exception cref="TimeoutException">A task took too long and <see cref="TaskStreamOptions.ReportTimeouts"/> is off.</exception>
    /// <exception cref="SupervisorRequestException">There are as many tasks as there may be, or the supervisor does not run.</exception>
    public async IAsyncEnumerable<TaskOutcome<TInput, TOutput>> StreamAsync<TInput, TOutput>(
        IEnumerable<TInput> inputs,
        Func<TInput, CancellationToken, Task<TOutput>> work,
        TaskStreamOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(work);
        options ??= new TaskStreamOptions();
        options.Check();
        await using var stream = new TaskStream<TInput, TOutput>(this, work, options, _time, cancellationToken);
        using var input = inputs.GetEnumerator();
        var isMore = true;
        while (true)
        {
            while (isMore && stream.HasRoom)
            {
                isMore = input.MoveNext();
                if (isMore)
                {
                    stream.Add(input.Current);
                }
            }

            while (stream.TryTake(out var ready))
            {
                yield return ready;
            }

            if (stream.IsEmpty)
            {
                if (!isMore)
                {
                    yield break;
                }

                continue;
            }

            if (!(isMore && stream.HasRoom))
            {
                await stream.WaitAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>How many tasks there are.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Their number.</returns>
    /// <exception cref="SupervisorRequestException">The supervisor does not run.</exception>
    public Task<int> CountAsync(CancellationToken cancellationToken = default) => _address.QueryAsync(view => view.Counts.Specs, cancellationToken);

    private Task<ChildResult> Start(ChildSpec spec, CancellationToken cancellationToken) =>
        _address.AskAsync(token => new SupervisorEvent.StartChild(token, spec), cancellationToken);
}
