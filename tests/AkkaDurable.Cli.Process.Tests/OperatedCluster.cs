using AkkaDurable.Process.Tests.Regions;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace AkkaDurable.Cli.Process.Tests;

/// <summary>Three processes in two regions, over one SQLite file: two in eu, one in us. What is asked of them goes by the real tool.</summary>
public sealed class OperatedCluster : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    private readonly string _folder = Directory.CreateTempSubdirectory("akka-durable-operated-").FullName;
    private readonly HttpClient _http = new();
    private readonly List<NodeProcess> _nodes = [];
    private int[] _seeds = [];

    internal const string Token = "correct-horse-battery";

    internal NodeProcess Eu => _nodes[0];

    internal NodeProcess Eu2 => _nodes[1];

    internal NodeProcess Us => _nodes[2];

    public async Task InitializeAsync()
    {
        var ports = FreePorts.Take(6);
        _seeds = ports[..2];
        foreach (var (region, i) in new[] { "eu", "eu", "us" }.Select((region, i) => (region, i)))
        {
            _nodes.Add(Start(region, ports[i], ports[3 + i]));
        }

        await UntilAsync("all three are up and report", async () => (await RunAsync(["cluster", "show", "--json"])).Rows.Count(IsUpAndReports) == 3);
    }

    public async Task DisposeAsync() => await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>One more node; it is up when this returns.</summary>
    internal async Task<NodeProcess> AddAsync(string region)
    {
        var ports = FreePorts.Take(2);
        var node = Start(region, ports[0], ports[1]);
        _nodes.Add(node);
        await UntilAsync("the new node is up", async () => (await RunAsync(["cluster", "show", "--json"])).Rows.Any(row => IsUpAndReports(row) && row.GetProperty("fields").GetProperty("node").GetString() == node.Address));
        return node;
    }

    internal Task<ToolRun> RunAsync(IReadOnlyList<string> words, string? token = null, string input = "", NodeProcess? on = null, int lines = int.MaxValue) => ToolRun.OfAsync([(on ?? Eu).Admin, .. words], token, input, lines);

    /// <summary>Calls a till, so that it is there; not by the tool, which would take longer.</summary>
    internal async Task CallAsync(string key, string message = "Add", object? body = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{Eu.Admin}/akka-durable/commands/servers/call")
        {
            Content = JsonContent.Create(new { arguments = new { type = "till", key, message, body = body ?? new { } } }, options: JsonSerializerOptions.Default),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", Token) },
        };
        using var response = await _http.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode || message == "Rob", await response.Content.ReadAsStringAsync());
    }

    internal static async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < s_patience, $"Not within {s_patience.TotalSeconds:0} s: {what}.");
            await Task.Delay(200);
        }
    }

    private static bool IsUpAndReports(JsonElement row) =>
        row.GetProperty("fields") is var fields && fields.GetProperty("status").GetString() == "Up" && fields.GetProperty("servers").ValueKind == JsonValueKind.Number;

    private NodeProcess Start(string region, int port, int adminPort) => new(region, port, adminPort, _seeds, $"Data Source={Path.Combine(_folder, "shop.db")}", Token);
}
