using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AkkaDurable;
using Microsoft.AspNetCore.Mvc;

namespace ChatRooms;

/// <summary>What visitors reach by HTTP.</summary>
public static class ChatEndpoints
{
    // How many events wait for a visitor who takes them slowly. Then its messages are no longer taken from the group, and it is told in the end what the room has.
    internal const int MostWaiting = 256;

    public static void MapChat(this WebApplication app)
    {
        app.MapGet("/", () => Results.Stream(typeof(ChatEndpoints).Assembly.GetManifestResourceStream("page.html")!, "text/html; charset=utf-8"));

        var rooms = app.MapGroup("/rooms/{room}").AddEndpointFilter(AnswerAsync);
        rooms.MapGet("/socket", RoomSocket.AcceptAsync);
        rooms.MapGet("/events", (string room, string name, [FromHeader(Name = "Last-Event-ID")] long? last, long? after, RoomFeed feed, IHostApplicationLifetime node, CancellationToken gone) =>
            Speech.ProblemOfName(name) is { } problem
                ? Results.BadRequest(problem)
                : TypedResults.ServerSentEvents(FollowAsync(feed, room, name, last ?? after ?? 0, node.ApplicationStopping, gone)));
        rooms.MapPost("/lines", async (string room, Speaking said, IDurableServers<Room> servers, CancellationToken gone) =>
            (Speech.ProblemOf(said.Name, said.Text) ?? Speech.ProblemOfId(said.Id)) is { } problem ? Results.BadRequest(problem) : Results.Ok(await servers.SayAsync(room, said.Name, said.Text, said.Id, gone)));
        rooms.MapGet("/lines", (string room, long? after, IDurableServers<Room> servers, CancellationToken gone) => servers[room].CallAsync(new GetLines(after ?? 0), cancellationToken: gone));
        rooms.MapGet("/visitors", async (string room, IDurableGroups groups, CancellationToken gone) =>
            (await groups.MembersAsync(Room.GroupOf(room), cancellationToken: gone)).Select(member => new Visitor(member.Id, member.Meta["name"], member.Node)));
        rooms.MapGet("/info", (string room, IDurableServers<Room> servers, CancellationToken gone) => servers[room].InfoAsync(cancellationToken: gone));
    }

    // A room that cannot be had at the moment is no error of ours.
    private static async ValueTask<object?> AnswerAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (Speech.ProblemOfRoom(context.HttpContext.GetRouteValue("room") as string) is { } problem)
        {
            return Results.BadRequest(problem);
        }

        try
        {
            return await next(context);
        }
        catch (DurableServerException e)
        {
            return Results.Text(e.Message, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static async IAsyncEnumerable<SseItem<RoomEvent>> FollowAsync(
        RoomFeed feed, string room, string name, long after, CancellationToken stopping, [EnumeratorCancellation] CancellationToken gone)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping, gone);
        var events = Channel.CreateBounded<RoomEvent>(MostWaiting);
        var following = feed.FollowAsync(room, name, after, events.Writer, ended.Token);
        _ = following.ContinueWith(task => events.Writer.TryComplete(task.Exception?.InnerException), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            // It ends in order when the node stops, since nothing is told any more. A browser that comes back tells the last id by itself.
            await foreach (var told in events.Reader.ReadAllAsync(gone))
            {
                yield return new SseItem<RoomEvent>(told) { EventId = told is Written line ? $"{line.Number}" : null };
            }
        }
        finally
        {
            await ended.CancelAsync();
            await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What is said by HTTP.</summary>
    public sealed record Speaking(string Name, string Text, string? Id = null);
}
