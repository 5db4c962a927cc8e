using System.Runtime.InteropServices;

namespace AkkaDurable.Management.Internal.Dashboard;

/// <summary>The groups with the most members, and how many there are: counts, no members.</summary>
internal sealed class GroupsLook(BoardWatch watch)
{
    private const int MaxShown = 200;

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Dictionary<string, int>> _groups = new(StringComparer.Ordinal);
    private bool _isKnown;

    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(FollowAsync(cancellationToken), watch.EveryAsync(s_pause, Put, cancellationToken));

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var isFirst = true;
        await foreach (var batch in watch.Servers.Events.WatchAsync(LifecycleFilter.AllGroups(), cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            lock (_lock)
            {
                if (batch.Missed)
                {
                    _groups.Clear();
                }

                foreach (var change in batch.Events)
                {
                    Count(change);
                }

                _isKnown = true;
            }

            foreach (var change in batch.Events.Where(change => !isFirst && !batch.Missed && change.Kind != LifecycleEventKind.Updated))
            {
                watch.Feed.Tell("group", change.Kind == LifecycleEventKind.Joined ? "joined" : "left", ("group", change.Member!.Group), ("type", change.Member.ServerType), ("key", change.Member.ServerKey), ("node", change.Node));
            }

            isFirst = false;
        }
    }

    private void Count(LifecycleEvent change)
    {
        if (change.Member is not { } member || change.Kind is not (LifecycleEventKind.Joined or LifecycleEventKind.Left))
        {
            return;
        }

        if (!_groups.TryGetValue(member.Group, out var nodes))
        {
            _groups[member.Group] = nodes = new(StringComparer.Ordinal);
        }

        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(nodes, change.Node, out _);
        count += change.Kind == LifecycleEventKind.Joined ? 1 : -1;
        if (count <= 0)
        {
            nodes.Remove(change.Node);
            if (nodes.Count == 0)
            {
                _groups.Remove(member.Group);
            }
        }
    }

    private void Put()
    {
        (string Group, int Members, int Nodes)[] all;
        lock (_lock)
        {
            if (!_isKnown)
            {
                return;
            }

            all = [.. _groups.Select(group => (group.Key, group.Value.Values.Sum(), group.Value.Count))];
        }

        watch.Put("groups", null, json =>
        {
            json.WriteNumber("all", all.Length);
            json.WriteNumber("members", all.Sum(group => (long)group.Members));
            json.WriteStartArray("groups");
            foreach (var (group, members, nodes) in all.OrderByDescending(group => group.Members).ThenBy(group => group.Group, StringComparer.Ordinal).Take(MaxShown))
            {
                json.WriteStartObject();
                json.WriteString("group", group);
                json.WriteNumber("members", members);
                json.WriteNumber("nodes", nodes);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }
}
