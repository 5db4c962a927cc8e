using System.Threading.Channels;
using AkkaDurable.Journal.Internal.Protocol;
using Microsoft.Extensions.Logging;

namespace AkkaDurable.Journal.Internal.Streams;

/// <summary>
/// Deletes events that newer ones have made needless, each <see cref="StoreClock.TrimDelay"/> after it was asked to, one after the other. What it has not done when the process ends is asked for again by the next
/// process that writes to the stream.
/// </summary>
internal sealed partial class Trimmer(StoreClock clock, ILogger log, CancellationToken closed)
{
    private readonly Channel<Job> _jobs = Channel.CreateUnbounded<Job>(new UnboundedChannelOptions { SingleReader = true });
    private int _started;

    /// <summary>Asks for the deletion of all events up to one that is not the newest, and was not when this is called.</summary>
    /// <param name="journal">Where the stream is.</param>
    /// <param name="persistenceId">The stream.</param>
    /// <param name="upTo">The last one to delete.</param>
    /// <param name="ended">Runs afterwards, and is told whether it was done.</param>
    public void Schedule(JournalClient journal, string persistenceId, long upTo, Func<bool, Task> ended)
    {
        _jobs.Writer.TryWrite(new Job(journal, persistenceId, upTo, ended, clock.Now()));
        if (Interlocked.Exchange(ref _started, 1) == 0)
        {
            _ = RunAsync();
        }
    }

    private async Task RunAsync()
    {
        try
        {
            await foreach (var job in _jobs.Reader.ReadAllAsync(closed).ConfigureAwait(false))
            {
                var wait = StoreClock.TrimDelay - clock.Time.GetElapsedTime(job.Asked.Timestamp);
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, clock.Time, closed).ConfigureAwait(false);
                }

                await TrimAsync(job).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The store was closed.
        }
    }

    private async Task TrimAsync(Job job)
    {
        try
        {
            var failure = job.UpTo < 1 ? null : await job.Journal.DeleteAsync(job.PersistenceId, job.UpTo).ConfigureAwait(false);
            if (failure is not null)
            {
                LogNotTrimmed(log, job.PersistenceId, failure);
            }

            await job.Ended(failure is null).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is StoreUnavailableException or StoreSchemaException)
        {
            LogNotTrimmed(log, job.PersistenceId, exception);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{PersistenceId} was not trimmed; that is tried again later.")]
    private static partial void LogNotTrimmed(ILogger log, string persistenceId, Exception exception);

    private sealed record Job(JournalClient Journal, string PersistenceId, long UpTo, Func<bool, Task> Ended, StoreClock.Moment Asked);
}
