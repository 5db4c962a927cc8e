using AkkaDurable.Placement;

namespace AkkaDurable.Management.Internal.Dashboard;

/// <summary>
/// Servers as they start and stop, for the feed, as long as they are few: to be told of each, this node has to know the keys of all that run. Beyond that the types' counts must do, and the feed of one type or prefix.
/// </summary>
internal sealed class ServersLook(BoardWatch watch)
{
    /// <summary>How many servers may run for each to be followed.</summary>
    public const int MaxFollowed = 2_000;

    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(2);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var isFew = Running() <= MaxFollowed;
            watch.Put("feed", null, json =>
            {
                json.WriteBoolean("servers", isFew);
                json.WriteNumber("most", MaxFollowed);
            });
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var following = isFew ? FollowAsync(stop.Token) : Task.Delay(Timeout.InfiniteTimeSpan, watch.Time, stop.Token);

            // Twice as many, so that it does not waver.
            while (isFew ? Running() <= 2 * MaxFollowed : Running() > MaxFollowed)
            {
                var first = await Task.WhenAny(following, Task.Delay(s_every, watch.Time, cancellationToken)).ConfigureAwait(false);
                await first.ConfigureAwait(false);
                if (first == following)
                {
                    // Its node stops.
                    return;
                }
            }

            await stop.CancelAsync().ConfigureAwait(false);
            await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private int Running() => PlacementControl.Get(watch.System).Nodes.Sum(node => node.Report?.Servers ?? 0);

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var isFirst = true;
        await foreach (var batch in watch.Servers.Events.WatchAsync(LifecycleFilter.AllServers, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            foreach (var change in batch.Events.Where(change => !isFirst && !batch.Missed && change.Kind != LifecycleEventKind.Updated))
            {
                watch.Feed.Tell(
                    "server", change.Kind == LifecycleEventKind.Registered ? "started" : "stopped", ("type", change.ServerType), ("key", change.Key), ("node", change.Node), ("text", change.Reason?.ToString()));
            }

            isFirst = false;
        }
    }
}
