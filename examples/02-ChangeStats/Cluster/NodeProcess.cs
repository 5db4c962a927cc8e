using System.Diagnostics;

namespace ChangeStats.Cluster;

/// <summary>A node that runs as a process of its own, and can be killed and started again.</summary>
/// <param name="name">What to call it.</param>
/// <param name="options">What it is told.</param>
/// <param name="logFile">Gets what it prints.</param>
/// <param name="program">The program that is given the arguments of the node.</param>
internal sealed class NodeProcess(string name, NodeOptions options, string logFile, Func<string[], ProcessStartInfo> program) : IAsyncDisposable
{
    private readonly StreamWriter _log = new(logFile, append: true) { AutoFlush = true };
    private readonly TaskCompletionSource<string> _died = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? _process;
    private bool _mayEnd;

    public string Name { get; } = name;

    public int Port => options.Port;

    public string LogFile { get; } = logFile;

    public int Pid => Running.Id;

    /// <summary>Ends when the process ends without having been told to; its result says how.</summary>
    public Task<string> DiedByItself => _died.Task;

    private Process Running => _process ?? throw new InvalidOperationException($"{Name} was not started.");

    public void Start()
    {
        _process?.Dispose();
        _mayEnd = false;
        var start = program(options.ToArguments());
        start.Environment[NodeOptions.ConnectionVariable] = options.Database.ConnectionString;
        var process = Process.Start(start)!;
        _process = process;
        Log($"--- {Name}: process {process.Id}, port {Port}");
        process.OutputDataReceived += (_, line) => Log(line.Data);
        process.ErrorDataReceived += (_, line) => Log(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _ = WatchAsync(process);
    }

    /// <summary>Kills this process, and no other, so that it can do nothing more: SIGKILL.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _mayEnd = true;
        Running.Kill();
        await Running.WaitForExitAsync(cancellationToken);
    }

    /// <summary>From now on the end of the process is no surprise.</summary>
    public void ExpectEnd() => _mayEnd = true;

    /// <summary>Waits for the process to end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await Running.WaitForExitAsync(cancellationToken);
        return Running.ExitCode;
    }

    /// <summary>The end of the log, for messages about what went wrong.</summary>
    public string LastLines(int count)
    {
        using var reader = new StreamReader(new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return string.Join(Environment.NewLine, reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(count));
    }

    /// <summary>Kills the process if it runs: what was to be shown is stored.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            _mayEnd = true;
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
        }

        await _log.DisposeAsync();
    }

    private async Task WatchAsync(Process process)
    {
        await process.WaitForExitAsync();
        if (!_mayEnd)
        {
            _died.TrySetResult($"{Name} ended by itself with exit code {process.ExitCode}; the end of its log:{Environment.NewLine}{LastLines(15)}");
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
