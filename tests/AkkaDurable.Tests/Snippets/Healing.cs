namespace AkkaDurable.Tests.Snippets;

public sealed record FeedState(bool IsWatched, long Polls);
public sealed record GetPolls : ICall<long>;
public sealed record Poll;

#region permanent
public sealed class Feed : DurableServer<FeedState>
{
    protected override FeedState InitialState => new(IsWatched: true, Polls: 0);

    protected override ValueTask<InitResult> Init(FeedState state, ServerContext context)
    {
        context.Timers.StartPeriodic("poll", TimeSpan.FromSeconds(10), new Poll());
        return Ok(state).Permanent(state.IsWatched);    // of this one feed; DurableServerOptions.Permanent is for the whole type
    }

    protected override ValueTask<CallResult> HandleCall(object request, From from, FeedState state) => request is GetPolls ? Reply(state.Polls, state) : Unhandled(request);

    protected override ValueTask<Next> HandleInfo(object message, FeedState state) => message switch
    {
        Poll => NoReply(state with { Polls = state.Polls + 1 }),
        _ => Unhandled(message),
    };
}
#endregion

public static class Healing
{
    #region budget
    public static void Options(DurableServerOptions feed)
    {
        feed.MaxCrashes = 5;                                    // the fifth within an hour stops it; null: none does
        feed.CrashWindow = TimeSpan.FromHours(1);
        feed.RestartDelay = TimeSpan.FromMilliseconds(200);     // after the second crash; then twice as long each time
        feed.MaxRestartDelay = TimeSpan.FromSeconds(30);
        feed.BreakerCrashes = 50;                               // of all servers of the type on one node, within BreakerWindow
        feed.BreakerWindow = TimeSpan.FromMinutes(5);
        feed.BreakerCoolDown = TimeSpan.FromMinutes(10);
    }
    #endregion

    #region crashed
    public static async Task<string> PollsAsync(IDurableServers<Feed> feeds, string key)
    {
        try
        {
            return $"{await feeds[key].CallAsync(new GetPolls())} polls";
        }
        catch (ServerCrashedException crashed)
        {
            return $"crashed {crashed.Crashes.Count} times, at last on {crashed.Crashes[^1].Node}: {crashed.Crashes[^1].Reason}";
        }
    }
    #endregion

    public static async Task OperateAsync(IDurableServers<Feed> feeds)
    {
        #region operate
        await feeds["news"].StopAsync();                // saved; starts again with its next message, a permanent one by itself
        await feeds["news"].StopPermanentlyAsync();     // saved; refused until StartAsync
        await feeds["news"].StartAsync();
        await feeds["news"].CordonAsync();              // saved; refused, starts as well, until UncordonAsync
        await feeds["news"].UncordonAsync();
        await feeds["news"].DeleteAsync();              // gone; its next message begins a new one
        #endregion
    }

    #region directory
    public static async Task ReportAsync(IDurableServers<Feed> feeds, TextWriter report, CancellationToken stop)
    {
        foreach (var (status, count) in await feeds.CountAsync(new ServerFilter { KeyPrefix = "eu/" }, stop))
        {
            await report.WriteLineAsync($"{status}: {count}");
        }

        await foreach (var feed in feeds.AllAsync(new ServerFilter { Status = ServerStatus.PermanentlyCrashed }, stop))
        {
            await report.WriteLineAsync($"{feed.Key}, last on {feed.Node}: {feed.Crashes[^1].Reason}");
        }

        var first = await feeds.ListAsync(new ServerFilter { IsPermanent = true, Region = "eu-west" }, pageSize: 100, cancellationToken: stop);
        var news = await feeds["news"].InfoAsync(includeState: true, cancellationToken: stop);
        await report.WriteLineAsync($"{first.Servers.Count} permanent feeds, more after {first.NextKey}; news: {news?.Status}, {news?.StoredState}");
    }
    #endregion
}
