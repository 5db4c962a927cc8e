namespace AkkaDurable.Management.Internal.Dashboard;

/// <summary>When to look again: after a while, or a moment after somebody said that something changed. Hurrying is safe from any thread; one waits at a time.</summary>
/// <param name="time">The clock.</param>
/// <param name="every">The while.</param>
/// <param name="settle">The moment: what changes together is looked at once.</param>
internal sealed class Pace(TimeProvider time, TimeSpan every, TimeSpan settle)
{
    private TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Hurry() => Volatile.Read(ref _hurry).TrySetResult();

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        using (var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            await Task.WhenAny(_hurry.Task, Task.Delay(every, time, wait.Token)).ConfigureAwait(false);
            await wait.CancelAsync().ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (_hurry.Task.IsCompleted)
        {
            await Task.Delay(settle, time, cancellationToken).ConfigureAwait(false);

            // Whatever was said until here, the look that comes now sees.
            Volatile.Write(ref _hurry, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
    }
}
