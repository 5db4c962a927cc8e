using System.Diagnostics;
using ChangeStats.Cluster;

namespace ChatRooms.Demo;

/// <summary>A node in a process of its own, which can be killed and started again.</summary>
internal sealed class NodeProcess(string name, NodeOptions options, string logFile) : IAsyncDisposable
{
    private readonly StreamWriter _log = new(logFile, append: true) { AutoFlush = true };
    private Process? _process;

    public string Name { get; } = name;

    public Uri Http { get; } = new($"http://127.0.0.1:{options.Http}");

    /// <summary>Whether it is the node of an Akka address.</summary>
    public bool Is(string address) => address.EndsWith($":{options.Port}", StringComparison.Ordinal);

    public void Start()
    {
        _process = Process.Start(ThisProgram.With((options with { UntilInputEnds = true }).ToArguments()))!;
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
