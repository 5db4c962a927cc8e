using System.Text.Json;
using AkkaDurable.Management.Internal.Dashboard;
using AkkaDurable.Management.Tests.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaDurable.Management.Tests.Dashboard;

/// <summary>The dashboard's stream on one node.</summary>
public sealed class LiveTests(OneNode one) : IClassFixture<OneNode>
{
    private static readonly string[] s_sections = ["nodes", "shards", "stored", "calls", "trees", "groups", "holds", "feed", "beat"];

    [Fact]
    public async Task It_says_who_looks_and_then_everything_there_is()
    {
        using var live = await LiveReader.OpenAsync(one.Http);
        Assert.Equal((200, "text/event-stream"), (live.Status, live.MediaType));
        Assert.True(live.Headers.CacheControl!.NoStore);
        Assert.Equal("nosniff", Assert.Single(live.Headers.GetValues("X-Content-Type-Options")));

        var (name, viewer) = (await live.NextAsync())!.Value;
        Assert.Equal(("viewer", "anonymous", false, true), (name, viewer.GetProperty("name").GetString(), viewer.GetProperty("permitted").GetBoolean(), viewer.GetProperty("allowsChanges").GetBoolean()));
        var waiting = s_sections.ToHashSet();
        while (waiting.Count > 0)
        {
            waiting.Remove((await live.NextAsync())!.Value.Name);
        }
    }

    [Fact]
    public async Task A_viewer_with_the_token_may_change_things_and_one_with_a_wrong_token_sees_nothing()
    {
        using var operating = await LiveReader.OpenAsync(one.Http, token: OneNode.Token);
        var viewer = await operating.UntilAsync("viewer");
        Assert.Equal(("token", true), (viewer.GetProperty("name").GetString(), viewer.GetProperty("permitted").GetBoolean()));

        using var wrong = await LiveReader.OpenAsync(one.Http, token: "wrong-horse-battery-x");
        Assert.Equal((401, "application/problem+json"), (wrong.Status, wrong.MediaType));

        using var readOnly = await LiveReader.OpenAsync(one.Http, "/read-only");
        Assert.False((await readOnly.UntilAsync("viewer")).GetProperty("allowsChanges").GetBoolean());
    }

    [Fact]
    public async Task A_page_of_another_origin_and_another_machine_get_no_stream()
    {
        using var page = await LiveReader.OpenAsync(one.Http, change: request => request.Headers.Add("Origin", "http://evil.example"));
        using var proxy = await LiveReader.OpenAsync(one.Http, change: request => request.Headers.Add("X-Forwarded-For", "203.0.113.9"));

        Assert.Equal((403, 403), (page.Status, proxy.Status));
    }

    [Fact]
    public async Task Viewers_are_limited_and_one_that_leaves_makes_room()
    {
        using (var first = await LiveReader.OpenAsync(one.Http, "/one-viewer"))
        {
            await first.UntilAsync("viewer");
            using var second = await LiveReader.OpenAsync(one.Http, "/one-viewer");
            Assert.Equal(429, second.Status);
            Assert.NotNull(second.Headers.RetryAfter);
        }

        await Eventually.TrueAsync(
            async () =>
            {
                using var next = await LiveReader.OpenAsync(one.Http, "/one-viewer");
                return next.Status == 200;
            },
            "there is room for a viewer again");
    }

    [Fact]
    public async Task Fifty_viewers_share_one_watch()
    {
        var board = Board.Of(one.Node.System, one.Node.Services, TimeProvider.System, NullLogger.Instance);
        var before = board.Viewers;
        using var http = new HttpClient { BaseAddress = one.Node.Url };
        var first = await LiveReader.OpenAsync(http);
        var runs = board.Runs;
        var viewers = await Task.WhenAll(Enumerable.Range(0, 49).Select(_ => LiveReader.OpenAsync(http)));
        try
        {
            Assert.Equal(50, board.Viewers - before);
            await Task.WhenAll(viewers.Append(first).Select(viewer => viewer.UntilAsync("stored", stored => stored.GetProperty("type").GetString() == "vault")));
            Assert.Equal(runs, board.Runs);

            // What one is told later, all are.
            await one.Node.Vaults["shared"].CallAsync(new Deposit());
            await Task.WhenAll(viewers.Append(first).Select(viewer => viewer.UntilAsync("event", item => Is(item, "key", "shared") && Is(item, "what", "started"))));
        }
        finally
        {
            foreach (var viewer in viewers.Append(first))
            {
                viewer.Dispose();
            }
        }
    }

    [Theory]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("\"}\u2028data: {\"x\":\"\\")]
    [InlineData("</script><script>alert(1)</script>\U0001F642")]
    public async Task A_hostile_key_is_told_as_the_text_that_it_is(string key)
    {
        using var live = await LiveReader.OpenAsync(one.Http);
        await live.UntilAsync("feed");
        await one.Node.Vaults[key].CallAsync(new Deposit());
        await live.UntilAsync("event", item => Is(item, "key", key) && Is(item, "what", "started"));
        await one.Node.Vaults[key].CordonAsync();

        var stored = await live.UntilAsync("stored", section => section.TryGetProperty("listed", out var listed) && listed.EnumerateArray().Any(server => Is(server, "key", key)));
        Assert.True(Is(stored.GetProperty("listed").EnumerateArray().Single(server => Is(server, "key", key)), "status", "Cordoned"));
    }

    [Fact]
    public async Task Crashed_servers_are_named_but_not_why_they_crashed()
    {
        for (var i = 0; i < 2; i++)
        {
            await Assert.ThrowsAnyAsync<DurableServerException>(async () => await one.Node.Vaults["robbed"].CallAsync(new Rob("a secret of the app")));
        }

        using var live = await LiveReader.OpenAsync(one.Http);
        var stored = await live.UntilAsync("stored", section => section.TryGetProperty("listed", out var listed) && listed.EnumerateArray().Any(server => Is(server, "key", "robbed")));
        Assert.DoesNotContain("secret", stored.GetRawText(), StringComparison.Ordinal);
        var crashed = stored.GetProperty("listed").EnumerateArray().Single(server => Is(server, "key", "robbed"));
        Assert.Equal(("PermanentlyCrashed", 2), (crashed.GetProperty("status").GetString(), crashed.GetProperty("crashes").GetInt32()));
    }

    private static bool Is(JsonElement element, string name, string value) => element.TryGetProperty(name, out var found) && found.GetString() == value;
}
