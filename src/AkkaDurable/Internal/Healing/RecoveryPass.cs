using System.Collections.Concurrent;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Runtime;
using AkkaDurable.Storage;

namespace AkkaDurable.Internal.Healing;

/// <summary>One look through the store for permanent servers of a type that run nowhere, with a start for each. A bounded number of starts is under way at once.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "The source holds nothing but its token.")]
internal sealed class RecoveryPass(ServerType type, Predicate<string> isDue, RecoveryNodes nodes, int startsAtOnce)
{
    // How long one start may hold up others: an Init that hangs must not keep all from starting.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private readonly CancellationTokenSource _cancelled = new();

    private readonly ConcurrentBag<(string Key, DurableServerException? Failure)> _ends = [];

    /// <summary>Begins no more starts, and waits for none.</summary>
    public void Cancel() => _cancelled.Cancel();

    /// <exception cref="StoreUnavailableException">The store cannot be reached.</exception>
    public async Task<RecoveryPassEnded> RunAsync()
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        using var slots = new SemaphoreSlim(startsAtOnce);
        List<Task> starts = [];
        try
        {
            await StartAllAsync(found, starts, slots).ConfigureAwait(false);
        }
        finally
        {
            // They use the slots until then.
            await Task.WhenAll(starts).ConfigureAwait(false);
        }

        return new(found, [.. _ends], null) { IsCancelled = _cancelled.IsCancellationRequested };
    }

    private async Task StartAllAsync(HashSet<string> found, List<Task> starts, SemaphoreSlim slots)
    {
        string? after = null;
        do
        {
            var page = await type.Node.Store.ListOrphansAsync(new OrphanQuery(type.Name) { LiveOwners = nodes.Live, LostLeases = type.Node.Lease.RunOut(), AfterKey = after }).ConfigureAwait(false);
            after = null;
            foreach (var orphan in page)
            {
                found.Add(orphan.Id.Key);
                if (!_cancelled.IsCancellationRequested && isDue(orphan.Id.Key) && !(orphan.Status == ServerStatus.Running && nodes.OutOfReach.Contains(orphan.Owner)))
                {
                    await slots.WaitAsync().ConfigureAwait(false);
                    starts.Add(StartAsync(orphan.Id.Key, slots));
                }
            }

            if (page.Count == OrphanQuery.DefaultPageSize)
            {
                after = page[^1].Id.Key;
            }
        }
        while (after is not null && !_cancelled.IsCancellationRequested);
    }

    private async Task StartAsync(string key, SemaphoreSlim slots)
    {
        try
        {
            await type.Gateway.Control<StartOutcome>(key, ControlVerb.Recover, null, s_patience, _cancelled.Token).ConfigureAwait(false);
            _ends.Add((key, null));
        }
        catch (DurableServerException failure)
        {
            _ends.Add((key, failure));
        }
        catch (OperationCanceledException)
        {
            // It may have started all the same. If not, the next pass finds it.
        }
        finally
        {
            slots.Release();
        }
    }
}
