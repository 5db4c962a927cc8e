using Akka.Actor;

namespace AkkaDurable.Supervision.Internal.Tasks;

/// <summary>A task as a child.</summary>
#pragma warning disable CA1001 // A source without timers and links holds nothing that would have to be disposed of.
internal sealed class TaskRun<T>(Func<CancellationToken, Task<T>> work) : IChildHandle
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ExitReason> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Result => _result.Task;

    public Task<ExitReason> Exited => _exited.Task;

    public IActorRef? Actor => null;

    public IChildHandle Begin()
    {
        _ = Task.Run(RunAsync);
        return this;
    }

    public void RequestStop() => _stop.Cancel();

    public void Kill()
    {
        _stop.Cancel();
        _result.TrySetCanceled(_stop.Token);
        _exited.TrySetResult(ExitReason.Killed);
    }

    private async Task RunAsync()
    {
        try
        {
            _result.TrySetResult(await work(_stop.Token).ConfigureAwait(false));
            _exited.TrySetResult(ExitReason.Normal);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            _result.TrySetCanceled(_stop.Token);
            _exited.TrySetResult(ExitReason.Shutdown);
        }
#pragma warning disable CA1031 // Whatever the task throws is its outcome.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _result.TrySetException(exception);
            // Nobody has to look at it: the supervisor logs the end.
            _ = _result.Task.Exception;
            _exited.TrySetResult(ExitReason.Error(exception));
        }
    }
}

/// <summary>A task without a result as a child.</summary>
internal static class TaskRun
{
    public static IChildHandle Start(Func<CancellationToken, Task> work) => new TaskRun<bool>(async stop =>
    {
        await work(stop).ConfigureAwait(false);
        return true;
    }).Begin();
}
