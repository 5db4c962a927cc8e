namespace AkkaDurable.Supervision.Internal.Runtime;

/// <summary>Tells whoever waits that some child of a tree has started.</summary>
internal sealed class ChangeSignal
{
    private TaskCompletionSource? _next;

    /// <summary>Completes at the next change after this call.</summary>
    public Task Next()
    {
        while (true)
        {
            if (Volatile.Read(ref _next) is { } waiting)
            {
                return waiting.Task;
            }

            Interlocked.CompareExchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null);
        }
    }

    public void Set() => Interlocked.Exchange(ref _next, null)?.TrySetResult();
}
