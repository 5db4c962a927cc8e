using System.Text;
using ChangeStats.Cluster;

namespace AkkaDurable.Cli.Process.Tests;

/// <summary>A node in a process of its own.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private readonly StringBuilder _log = new();
    private readonly System.Diagnostics.Process _process;

    public NodeProcess(string region, int port, int adminPort, IEnumerable<int> seeds, string connection, string token)
    {
        (Region, Port, AdminPort) = (region, port, adminPort);
        var start = ThisProgram.Other(typeof(OperatedNode).Assembly, [region, $"{port}", $"{adminPort}", .. seeds.Select(seed => $"{seed}")]);
        start.Environment[OperatedNode.ConnectionVariable] = connection;
        start.Environment[OperatedNode.TokenVariable] = token;
        _process = System.Diagnostics.Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Region { get; }

    public int Port { get; }

    public int AdminPort { get; }

    public int Id => _process.Id;

    public string HostAndPort => $"127.0.0.1:{Port}";

    public string Address => $"akka.tcp://{OperatedNode.Cluster}@{HostAndPort}";

    public string Admin => $"127.0.0.1:{AdminPort}";

    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async Task<int> ExitCodeAsync(TimeSpan patience)
    {
        using var end = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(end.Token);
        }
        catch (OperationCanceledException)
        {
            throw new Xunit.Sdk.XunitException($"The node {Address} did not end within {patience.TotalSeconds:0} s:\n{Log}");
        }

        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void Note(string? line)
    {
        if (line is not null)
        {
            lock (_log)
            {
                _log.AppendLine(line);
            }
        }
    }
}
