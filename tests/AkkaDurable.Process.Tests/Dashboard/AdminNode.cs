using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AkkaDurable.DashboardNode;
using ChangeStats.Cluster;

namespace AkkaDurable.Process.Tests.Dashboard;

/// <summary>A node with an admin API in a process of its own, which can be killed and started again.</summary>
internal sealed class AdminNode(string region, int port, int adminPort, int load, int[] seeds, string connection, string logFile, IReadOnlyDictionary<string, string>? settings = null) : IAsyncDisposable
{
    public const string Token = "correct-horse-battery";

    private readonly StreamWriter _log = new(logFile, append: true) { AutoFlush = true };
    private readonly HttpClient _http = new() { BaseAddress = new Uri($"http://127.0.0.1:{adminPort}/akka-durable/commands/"), Timeout = TimeSpan.FromSeconds(40) };
    private System.Diagnostics.Process? _process;

    public string Region { get; } = region;

    public bool IsRunning => _process is not null;

    public string Name { get; } = $"127.0.0.1:{port}";

    public string Address { get; } = $"akka.tcp://shop@127.0.0.1:{port}";

    public string Dashboard { get; } = $"http://127.0.0.1:{adminPort}/akka-durable/";

    public void Start()
    {
        var start = ThisProgram.Other(typeof(Node).Assembly, [$"{port}", Region, $"{adminPort}", $"{load}", .. seeds.Select(seed => $"{seed}")]);
        start.Environment[Node.ConnectionVariable] = connection;
        start.Environment[Node.TokenVariable] = Token;
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        _process = System.Diagnostics.Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Log(line.Data);
        _process.ErrorDataReceived += (_, line) => Log(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Kills this process, and no other, so that it can do nothing more: SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            _process = null;
        }
    }

    /// <summary>Runs a command with the token.</summary>
    /// <returns>The fields of its rows; null if it was refused or the node cannot be reached.</returns>
    public async Task<JsonElement[]?> RunAsync(string verb, object arguments)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, verb) { Content = JsonContent.Create(new { arguments }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        try
        {
            using var response = await _http.SendAsync(request);
            var body = await response.Content.ReadFromJsonAsync<JsonElement>();
            return response.IsSuccessStatusCode ? [.. body.GetProperty("output").EnumerateArray().Where(item => item.GetProperty("type").GetString() == "row").Select(item => item.GetProperty("fields"))] : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>The members that are up and reachable, as this node knows.</summary>
    public async Task<string[]> UpAsync() =>
        [.. (await RunAsync("cluster/show", new { }) ?? []).Where(row => row.GetProperty("status").GetString() == "Up" && row.GetProperty("reachable").GetBoolean()).Select(row => row.GetProperty("node").GetString()!)];

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _http.Dispose();
        lock (_log)
        {
            _log.Dispose();
        }
    }

    private void Log(string? line)
    {
        if (line is not null)
        {
            lock (_log)
            {
                _log.WriteLine(line);
            }
        }
    }
}
