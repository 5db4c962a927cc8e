using System.Diagnostics;
using ChangeStats.Cluster;

namespace TwoRegions;

/// <summary>A node in a process of its own, which can be killed and started again.</summary>
internal sealed class NodeProcess(string name, string region, int port, IReadOnlyList<int> seeds, string connection, string logFile) : IAsyncDisposable
{
    /// <summary>The environment variable that holds the connection string: other users can see arguments.</summary>
    public const string ConnectionVariable = "TWOREGIONS_CONNECTION";

    private readonly StreamWriter _log = new(logFile, append: true) { AutoFlush = true };
    private Process? _process;

    public string Name { get; } = name;

    public string Region { get; } = region;

    public int Port { get; } = port;

    public void Start()
    {
        var start = ThisProgram.With(["node", $"{Port}", Region, .. seeds.Select(seed => $"{seed}")]);
        start.Environment[ConnectionVariable] = connection;
        _process = Process.Start(start)!;
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

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
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
