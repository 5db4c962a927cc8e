using Akka.Actor;

namespace AkkaDurable.Supervision;

/// <summary>An <see cref="IChildHandle"/> made of functions.</summary>
/// <param name="exited">Completes when it has ended.</param>
/// <param name="requestStop">Asks it to end.</param>
/// <param name="kill">Ends it at once; null: the same as asking.</param>
/// <param name="actor">An actor to send to.</param>
public sealed class ChildHandle(Task<ExitReason> exited, Action requestStop, Action? kill = null, IActorRef? actor = null) : IChildHandle
{
    /// <inheritdoc />
    public Task<ExitReason> Exited { get; } = exited;

    /// <inheritdoc />
    public IActorRef? Actor { get; } = actor;

    /// <summary>A background loop: ends normally when the function returns, as an error when it throws; asked to end by its token.</summary>
    /// <param name="run">The loop. Runs on the thread pool.</param>
    /// <returns>The running handle. Its end after it was asked to counts as <see cref="ExitReason.Shutdown"/>.</returns>
    public static IChildHandle Run(Func<CancellationToken, Task> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Run(async stop =>
        {
            await run(stop).ConfigureAwait(false);
            return stop.IsCancellationRequested ? ExitReason.Shutdown : ExitReason.Normal;
        });
    }

    /// <summary>A background loop that says why it ends.</summary>
    /// <param name="run">The loop. Runs on the thread pool; what it throws is an <see cref="ExitReason.Error(Exception)"/>.</param>
    /// <returns>The running handle. A cancellation after it was asked to end counts as <see cref="ExitReason.Shutdown"/>.</returns>
    public static IChildHandle Run(Func<CancellationToken, Task<ExitReason>> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var stop = new CancellationTokenSource();
        var exited = Task.Run(async () =>
        {
            try
            {
                return await run(stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return ExitReason.Shutdown;
            }
        });
        return new ChildHandle(exited, stop.Cancel);
    }

    /// <inheritdoc />
    public void RequestStop() => requestStop();

    /// <inheritdoc />
    public void Kill() => (kill ?? requestStop)();
}
