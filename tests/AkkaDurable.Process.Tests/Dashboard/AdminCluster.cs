using AkkaDurable.DashboardNode;
using AkkaDurable.Process.Tests.Regions;

namespace AkkaDurable.Process.Tests.Dashboard;

/// <summary>Three processes in two regions, two in eu and one in us, with some servers: one cordoned whose key is hostile, one that crashed for good. And a browser.</summary>
public sealed class AdminCluster : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    private DirectoryInfo? _folder;

    internal AdminNode[] Nodes { get; private set; } = [];

    internal BrowserDriver Browser { get; private set; } = null!;

    /// <summary>Waits for a condition that nothing announces.</summary>
    internal static async Task UntilAsync(string what, Func<Task<bool>> condition, int lookEvery = 250, TimeSpan? patience = null)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(lookEvery));
        while (!await condition())
        {
            Assert.True(watch.Elapsed < (patience ?? s_patience), $"Waited {watch.Elapsed.TotalSeconds:0} s in vain: {what}.");
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Starts what a test that failed has left dead.</summary>
    internal async Task HealAsync()
    {
        foreach (var node in Nodes.Where(node => !node.IsRunning))
        {
            node.Start();
        }

        await UntilAsync("all nodes are up", async () => (await Task.WhenAll(Nodes.Select(node => node.UpAsync()))).All(up => up.Length == Nodes.Length));
    }

    public async Task InitializeAsync()
    {
        if (BrowserTools.Unavailable is not null)
        {
            return;
        }

        _folder = Directory.CreateTempSubdirectory("dashboard-");
        var ports = FreePorts.Take(6);
        var connection = $"Data Source={Path.Combine(_folder.FullName, "shop.db")}";
        string[] regions = ["eu", "eu", "us"];
        Nodes = [.. regions.Select((region, i) => new AdminNode(region, ports[i], ports[i + 3], load: i == 0 ? 10 : 0, ports[..3], connection, Path.Combine(_folder.FullName, $"node-{i + 1}.log")))];
        await HealAsync();
        await UntilAsync("servers run in both regions", async () => await CallAsync("basket", "eu/anna", "Add") && await CallAsync("basket", "us/carol", "Add") && await CallAsync("basket", Node.HostileKey, "Add"));
        await UntilAsync("a server is cordoned", async () => await Nodes[0].RunAsync("servers/cordon", new { type = "basket", key = Node.HostileKey }) is not null);
        await UntilAsync(
            "a server has crashed for good",
            async () => !await CallAsync("visitor", "clumsy", "Stumble") && (await Nodes[0].RunAsync("servers/info", new { type = "visitor", key = "clumsy" }))?[0].GetProperty("status").GetString() == "PermanentlyCrashed");
        Browser = BrowserDriver.Start();
    }

    public async Task DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.DisposeAsync();
        }

        await Task.WhenAll(Nodes.Select(node => node.DisposeAsync().AsTask()));
        _folder?.Delete(recursive: true);
    }

    private async Task<bool> CallAsync(string type, string key, string message) => await Nodes[0].RunAsync("servers/call", new { type, key, message }) is not null;
}
