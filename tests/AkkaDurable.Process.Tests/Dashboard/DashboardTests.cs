using AkkaDurable.DashboardNode;
using Xunit.Abstractions;

namespace AkkaDurable.Process.Tests.Dashboard;

/// <summary>The dashboard in a browser, on a cluster of three processes in two regions.</summary>
public sealed class DashboardTests(AdminCluster cluster, ITestOutputHelper output) : IClassFixture<AdminCluster>
{
    // From the moment at which the node that serves the page knows, to the moment at which one sees it.
    private static readonly TimeSpan s_seenWithin = TimeSpan.FromSeconds(3);

    private static readonly string[] s_views = ["", "types", "types/visitor", "shards", "shards/basket", "trouble", "groups", "trees", "feed", "search/eu"];

    private BrowserDriver Browser => cluster.Browser;

    private AdminNode Served => cluster.Nodes[0];

    [BrowserFact]
    public async Task It_shows_the_regions_and_follows_a_node_that_is_killed_and_comes_back_without_being_loaded_again()
    {
        await cluster.HealAsync();
        var opened = await Browser.DoAsync("open", new { url = Served.Dashboard });
        output.WriteLine($"first paint after {opened.GetProperty("milliseconds").GetInt32()} ms");
        foreach (var node in cluster.Nodes)
        {
            await Browser.DoAsync("node", new { name = node.Name, states = new[] { "up" } });
        }

        Assert.Equal(["Region eu", "Region us"], await RegionsAsync());
        var lost = cluster.Nodes[2];
        await lost.KillAsync();
        await SeenInTimeAsync(lost, "unreachable or gone", ["unreachable", "down", "gone"], up => !up.Contains(lost.Address));

        // Its shards are held for a while, then they run elsewhere.
        await Browser.DoAsync("go", new { view = "trouble" });
        await Browser.DoAsync("wait", new { text = "s left", selector = "main td .chip" });
        await Browser.DoAsync("go", new { view = "shards/basket" });
        await Browser.DoAsync("wait", new { text = "s, since", selector = "main td" });
        await Browser.DoAsync("go", new { view = "feed" });
        await Browser.DoAsync("wait", new { text = $"{lost.Name} is gone", selector = ".events li" });
        await Browser.DoAsync("go", new { view = "" });
        await Browser.DoAsync("node", new { name = lost.Name, states = new[] { "gone" } });
        await Browser.DoAsync("wait", new { text = "node gone in the last minutes" });
        lost.Start();
        await SeenInTimeAsync(lost, "up", ["up"], up => up.Contains(lost.Address));
        await Browser.AssertCalmAsync();
    }

    [BrowserFact]
    public async Task A_key_is_found_and_a_hostile_one_is_shown_as_the_text_that_it_is()
    {
        await Browser.DoAsync("open", new { url = Served.Dashboard });
        await Browser.DoAsync("press", new { key = "/" });
        await Browser.DoAsync("fill", new { label = "Search for a key", text = "eu/<img" });
        await Browser.DoAsync("press", new { key = "Enter" });
        await Browser.DoAsync("click", new { role = "link", name = Node.HostileKey });
        await Browser.DoAsync("wait", new { text = Node.HostileKey, selector = "h1" });
        await Browser.DoAsync("wait", new { text = "cordoned", selector = "main .chip" });
        await Browser.DoAsync("wait", new { text = "first placement", selector = "main td" });
        await Browser.DoAsync("go", new { view = "trouble" });
        await Browser.DoAsync("wait", new { text = Node.HostileKey, selector = "main td" });
        await Browser.DoAsync("click", new { role = "link", name = "clumsy" });
        await Browser.DoAsync("wait", new { text = "permanently crashed", selector = "main .chip" });

        // Why it crashed, and its state, are for those who have the token.
        Assert.DoesNotContain("stumbled", (await Browser.DoAsync("text")).GetProperty("text").GetString()!, StringComparison.Ordinal);
        await Browser.DoAsync("click", new { role = "button", name = "Show state" });
        await Browser.DoAsync("wait", new { text = "Show state needs the token", selector = "dialog" });
        await Browser.DoAsync("fill", new { label = "Token", text = AdminNode.Token });
        await Browser.DoAsync("press", new { key = "Enter" });
        await Browser.DoAsync("wait", new { text = "stumbled over a threshold", selector = "main td" });
        await Browser.AssertCalmAsync();
    }

    [BrowserFact]
    public async Task A_node_is_drained_with_the_token_and_not_without()
    {
        await cluster.HealAsync();
        var node = cluster.Nodes[1];
        await Browser.DoAsync("open", new { url = Served.Dashboard });
        await Browser.DoAsync("click", new { role = "link", name = node.Name, within = ".map" });
        await Browser.DoAsync("click", new { role = "button", name = "Drain" });
        await Browser.DoAsync("wait", new { text = "Drain needs the token", selector = "dialog" });
        await Browser.DoAsync("fill", new { label = "Token", text = "wrong-horse-battery-x" });
        await Browser.DoAsync("click", new { role = "button", name = "Use it" });
        await Browser.DoAsync("wait", new { text = "The token is not the right one", selector = "dialog" });
        Assert.Equal("up", await StateOfAsync(node));
        await Browser.AssertCalmAsync("401");

        await Browser.DoAsync("fill", new { label = "Token", text = AdminNode.Token });
        await Browser.DoAsync("click", new { role = "button", name = "Use it" });
        await Browser.DoAsync("wait", new { text = "Operator", selector = "#access" });
        await Browser.DoAsync("click", new { role = "button", name = "Drain" });
        await Browser.DoAsync("click", new { role = "button", name = "Drain", within = "dialog" });
        await Browser.DoAsync("wait", new { text = "drained", selector = "main .chip" });
        Assert.Equal("draining", await StateOfAsync(node));
        await Browser.DoAsync("click", new { role = "button", name = "End drain" });
        await Browser.DoAsync("wait", new { text = "up", selector = "main .chip" });
        Assert.Equal("up", await StateOfAsync(node));

        // The token is nowhere but in memory, and a state may be seen now.
        var texts = (await Browser.DoAsync("storage")).GetProperty("texts").EnumerateArray().Select(text => text.GetString()!);
        Assert.DoesNotContain(texts, text => text.Contains(AdminNode.Token, StringComparison.Ordinal));
        await Browser.DoAsync("go", new { view = "server/basket/eu%2Fanna" });
        await Browser.DoAsync("click", new { role = "button", name = "Show state" });
        await Browser.DoAsync("wait", new { text = "\"Value\": ", selector = "pre" });
        await Browser.AssertCalmAsync();
    }

    [BrowserFact]
    public async Task It_says_that_it_has_lost_contact_and_goes_on_by_itself_when_the_node_is_back()
    {
        await cluster.HealAsync();
        var node = cluster.Nodes[1];
        await Browser.DoAsync("open", new { url = node.Dashboard });
        await Browser.DoAsync("wait", new { text = "Live", selector = ".live" });
        await node.KillAsync();
        await Browser.DoAsync("wait", new { text = "Lost contact", selector = "#contact" });
        await Browser.DoAsync("wait", new { text = "What is shown is from", selector = "#contact" });
        Assert.Empty((await Browser.DoAsync("axe")).GetProperty("violations").EnumerateArray());
        await AdminCluster.UntilAsync("the others have given it up", async () => !(await Served.RunAsync("cluster/show", new { }) ?? []).Any(row => row.GetProperty("node").GetString() == node.Address));
        node.Start();
        await cluster.HealAsync();
        await Browser.DoAsync("wait", new { text = "Live", selector = ".live" });
        await Browser.DoAsync("node", new { name = node.Name, states = new[] { "up" } });
        await Browser.AssertCalmAsync("ERR_");
    }

    [BrowserFact]
    public async Task It_can_be_used_without_a_mouse_by_those_who_see_little_and_on_a_phone()
    {
        var shots = Directory.CreateDirectory(Path.Combine(BrowserTools.Folder, "screenshots")).FullName;
        output.WriteLine($"screenshots are in {shots}");
        foreach (var (mode, width, dark) in new[] { ("light", 1360, false), ("dark", 1360, true), ("tablet", 768, false), ("phone", 360, false) })
        {
            await Browser.DoAsync("open", new { url = Served.Dashboard, width, height = mode == "phone" ? 780 : 900, dark });
            foreach (var view in s_views.Concat([$"node/{Uri.EscapeDataString(Served.Address)}", "server/visitor/clumsy"]))
            {
                await Browser.DoAsync("go", new { view });
                await Browser.DoAsync("wait", new { text = view.Length == 0 ? "basket" : "", selector = "main .panel" });
                var violations = (await Browser.DoAsync("axe")).GetProperty("violations").EnumerateArray().Select(violation => $"{mode} {view}: {violation.GetString()}");
                Assert.Empty(violations);
                Assert.Equal((view, 0), (view, (await Browser.DoAsync("overflow")).GetProperty("pixels").GetInt32()));
                await Browser.DoAsync("shot", new { path = Path.Combine(shots, $"{mode}-{(view.Length == 0 ? "overview" : view.Split('/')[0])}{(view.Contains('/') ? "-one" : "")}.png") });
            }

            await Browser.AssertCalmAsync();
        }

        // The first stop of the keyboard leads past the header.
        await Browser.DoAsync("open", new { url = Served.Dashboard });
        Assert.Equal("Skip to the content", (await Browser.DoAsync("press", new { key = "Tab" })).GetProperty("focus").GetString());
    }

    private async Task SeenInTimeAsync(AdminNode node, string what, string[] states, Func<string[], bool> isKnown)
    {
        var seen = Browser.DoAsync("node", new { name = node.Name, states });
        long known = 0;
        await AdminCluster.UntilAsync(
            $"the cluster knows that {node.Name} is {what}",
            async () =>
            {
                var up = await Served.UpAsync();
                known = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
                return isKnown(up);
            },
            lookEvery: 50);
        var late = TimeSpan.FromMilliseconds((await seen).GetProperty("at").GetInt64() - known);
        output.WriteLine($"{node.Name} is {what}: seen {late.TotalSeconds:0.00} s after the cluster knew");
        Assert.True(late <= s_seenWithin, $"Expected to see it within {s_seenWithin.TotalSeconds:0} s, found {late.TotalSeconds:0.0} s.");
    }

    private async Task<string> StateOfAsync(AdminNode node)
    {
        var row = (await Served.RunAsync("placement/show", new { }) ?? []).Single(row => row.GetProperty("node").GetString() == node.Address);
        return row.GetProperty("draining").GetBoolean() ? "draining" : "up";
    }

    private async Task<string[]> RegionsAsync()
    {
        var text = (await Browser.DoAsync("text", new { selector = ".map" })).GetProperty("text").GetString()!;
        return [.. new[] { "eu", "us" }.Where(region => text.Split('\n').Contains(region)).Select(region => $"Region {region}")];
    }
}
