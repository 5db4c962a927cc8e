using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace AkkaDurable.Supervision.Internal.Tasks;

/// <summary>The tasks of one stream that are under way, and the outcomes that nobody has taken yet.</summary>
internal sealed class TaskStream<TInput, TOutput>(
    TaskSupervisor supervisor,
    Func<TInput, CancellationToken, Task<TOutput>> work,
    TaskStreamOptions options,
    TimeProvider time,
    CancellationToken cancellation) : IAsyncDisposable
{
    private readonly Channel<(long Position, TaskOutcome<TInput, TOutput>? Outcome, Exception? Fault)> _done = Channel.CreateUnbounded<(long, TaskOutcome<TInput, TOutput>?, Exception?)>();
    private readonly Dictionary<long, TaskOutcome<TInput, TOutput>> _ready = [];
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
    private readonly HashSet<Task> _running = [];
    private long _added;
    private long _taken;
    private int _underWay;

    public bool HasRoom => _underWay < options.MaxConcurrency;

    public bool IsEmpty => _underWay == 0 && _ready.Count == 0;

    public void Add(TInput input)
    {
        _underWay++;
        _running.RemoveWhere(task => task.IsCompleted);
        _running.Add(RunAsync(_added++, input));
    }

    public bool TryTake([NotNullWhen(true)] out TaskOutcome<TInput, TOutput>? outcome)
    {
        while (_done.Reader.TryRead(out var done))
        {
            Note(done);
        }

        var next = options.Ordered ? _taken : _ready.Keys.FirstOrDefault(-1);
        if (!_ready.Remove(next, out outcome))
        {
            return false;
        }

        _taken++;
        return true;
    }

    public async Task WaitAsync() => Note(await _done.Reader.ReadAsync(cancellation).ConfigureAwait(false));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_running).ConfigureAwait(false);
        _stop.Dispose();
    }

    private void Note((long Position, TaskOutcome<TInput, TOutput>? Outcome, Exception? Fault) done)
    {
        _underWay--;
        if (done.Fault is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(done.Fault);
        }

        _ready[done.Position] = done.Outcome!;
    }

    private async Task RunAsync(long position, TInput input)
    {
        using var limit = new CancellationTokenSource(options.Timeout ?? Timeout.InfiniteTimeSpan, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stop.Token);
        TaskOutcome<TInput, TOutput>? outcome = null;
        Exception? fault = null;
        try
        {
            var result = supervisor.RunAsync(token => work(input, token), cancellationToken: both.Token);
            // A task that does not listen to its token does not hold up the stream.
            outcome = new(input, await result.WaitAsync(both.Token).ConfigureAwait(false), null);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !_stop.IsCancellationRequested)
        {
            var late = new TimeoutException($"a task of the stream took longer than {options.Timeout}");
            (outcome, fault) = options.ReportTimeouts ? (new(input, default, ExitReason.Error(late)), null) : ((TaskOutcome<TInput, TOutput>?)null, late);
        }
        catch (SupervisorRequestException refused)
        {
            fault = refused;
        }
        catch (OperationCanceledException)
        {
            outcome = new(input, default, ExitReason.Shutdown);
        }
#pragma warning disable CA1031 // Whatever the task throws is its outcome.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            outcome = new(input, default, ExitReason.Error(exception));
        }

        _done.Writer.TryWrite((position, outcome, fault));
    }
}
