using System.Threading.Channels;
using AkkaDurable;

namespace ChatRooms;

/// <summary>Follows a room for one connection: its lines, each once and in order, and who is there. While it does, the connection is a member.</summary>
public sealed class RoomFeed(IDurableServers<Room> rooms, IDurableGroups groups, IDurableEvents events)
{
    private static readonly TimeSpan s_readWithin = TimeSpan.FromSeconds(30);

    /// <param name="room">The room.</param>
    /// <param name="name">How the visitor is called.</param>
    /// <param name="after">The last line that the visitor has; 0 for none.</param>
    /// <param name="visitor">Gets the events. One that takes them slowly is sent fewer messages, and reads what it missed.</param>
    /// <param name="gone">Ends it.</param>
    public async Task FollowAsync(string room, string name, long after, ChannelWriter<RoomEvent> visitor, CancellationToken gone)
    {
        #region follow
        await using var member = await groups.SubscribeAsync(Room.GroupOf(room), new Dictionary<string, string> { ["name"] = name }, cancellationToken: gone);
        using var lines = new LineCursor(after, last => ReadAsync(room, last, gone), line => visitor.WriteAsync(line, gone));
        await lines.CatchUpAsync();     // a member by now, so it misses nothing that is written meanwhile

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(gone);
        var watching = WatchAsync(room, lines, visitor, ended.Token);
        var reading = ListenAsync(member, lines, ended.Token);
        await Task.WhenAny(watching, reading);
        await ended.CancelAsync();
        await Task.WhenAll(watching, reading);
        #endregion
    }

    #region lines
    private static async Task ListenAsync(GroupSubscription member, LineCursor lines, CancellationToken ended)
    {
        await foreach (var message in member.Messages.WithCancellation(ended))
        {
            await (message switch
            {
                Line line => lines.TakeAsync(line),
                Opened opened when opened.Lines <= lines.Last => Task.CompletedTask,
                _ => lines.CatchUpAsync(),      // MessagesMissed, too
            });
        }
    }
    #endregion

    #region presence
    private async Task WatchAsync(string room, LineCursor lines, ChannelWriter<RoomEvent> visitor, CancellationToken ended)
    {
        var isFirst = true;
        await foreach (var batch in events.WatchAsync(LifecycleFilter.Group(Room.GroupOf(room)), cancellationToken: ended))
        {
            if (isFirst || batch.Missed)
            {
                await visitor.WriteAsync(new Present([.. batch.Events.Select(there => VisitorOf(there.Member!))]), ended);
            }
            else
            {
                foreach (var change in batch.Events)
                {
                    await visitor.WriteAsync(change.Kind == LifecycleEventKind.Left ? new Went(change.Member!.Id, $"{change.Reason}") : new Came(VisitorOf(change.Member!)), ended);
                }
            }

            if (batch.Missed)
            {
                await lines.CatchUpAsync();     // messages between nodes were lost, so lines may have been among them
            }

            isFirst = false;
        }
    }

    private static Visitor VisitorOf(GroupMember member) => new(member.Id, member.Meta.GetValueOrDefault("name", ""), member.Node);
    #endregion

    private async Task<IReadOnlyList<Line>> ReadAsync(string room, long after, CancellationToken gone)
    {
        // The visitor keeps its connection while the room is on its way to another node.
        while (true)
        {
            try
            {
                return await rooms[room].CallAsync(new GetLines(after), s_readWithin, gone);
            }
            catch (DurableServerException e) when (e is OutcomeUnknownException or PlacementUnavailableException or ServerRestartedException or StoreUnavailableException)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, gone);
            }
        }
    }
}
