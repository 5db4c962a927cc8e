using System.Collections.Concurrent;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Runtime;
using AkkaDurable.Storage;

namespace AkkaDurable.Internal.Healing;

/// <summary>One look through the store for permanent servers of a type that run nowhere, with a start for each. A bounded number of starts is under way at once.</summary>
internal sealed class RecoveryPass(ServerType type, Predicate<string> isDue, IReadOnlyCollection<string> liveNodes, int startsAtOnce)
{
    // How long one start may hold up others: an Init that hangs must not keep all from starting.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private volatile bool _isCancelled;

    private readonly ConcurrentBag<(string Key, DurableServerException? Failure)> _ends = [];

    /// <summary>Begins no more starts.</summary>
    public void Cancel() => _isCancelled = true;

    /// <exception cref="StoreUnavailableException">The store cannot be reached.</exception>
    public async Task<RecoveryPassEnded> RunAsync()
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        using var slots = new SemaphoreSlim(startsAtOnce);
        List<Task> starts = [];
        string? after = null;
        do
        {
            var page = await type.Node.Store.ListOrphansAsync(new OrphanQuery(type.Name) { LiveOwners = liveNodes, LostLeases = type.Node.Lease.RunOut(), AfterKey = after }).ConfigureAwait(false);
            after = null;
            foreach (var orphan in page)
            {
                found.Add(orphan.Id.Key);
                if (!_isCancelled && isDue(orphan.Id.Key))
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
        while (after is not null && !_isCancelled);

        await Task.WhenAll(starts).ConfigureAwait(false);
        return new(found, [.. _ends], null);
    }

    private async Task StartAsync(string key, SemaphoreSlim slots)
    {
        try
        {
            await type.Gateway.Control<StartOutcome>(key, ControlVerb.Recover, null, s_patience, CancellationToken.None).ConfigureAwait(false);
            _ends.Add((key, null));
        }
        catch (DurableServerException failure)
        {
            _ends.Add((key, failure));
        }
        finally
        {
            slots.Release();
        }
    }
}
