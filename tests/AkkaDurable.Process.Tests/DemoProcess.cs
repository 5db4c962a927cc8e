using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using ChangeStats.Cluster;
using Xunit.Abstractions;

namespace AkkaDurable.Process.Tests;

/// <summary>The demo as its users run it: a process that starts others.</summary>
internal sealed partial class DemoProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(3);

    private readonly System.Diagnostics.Process _process;
    private readonly Task<string> _errors;
    private readonly ITestOutputHelper _output;
    private readonly CancellationTokenSource _stop = new(s_deadline);
    private readonly List<string> _lines = [];

    public DemoProcess(ITestOutputHelper output, params string[] arguments)
    {
        _output = output;
        _process = System.Diagnostics.Process.Start(ThisProgram.With(["demo", .. arguments]))!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public int Pid => _process.Id;

    /// <summary>All lines so far, of both outputs once it has ended.</summary>
    public string Text => string.Join('\n', _lines);

    /// <summary>The ports of the nodes that it started.</summary>
    public IReadOnlyList<int> NodePorts => [.. NodePort().Matches(Line("nodes ")).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];

    public string Folder => Path.GetDirectoryName(Line("logs ")["logs ".Length..].Trim())!;

    public string Line(string start) => _lines.Single(line => line.StartsWith(start, StringComparison.Ordinal));

    /// <summary>Reads on until a line starts so.</summary>
    public async Task UntilAsync(string start)
    {
        do
        {
            if (!await ReadLineAsync())
            {
                throw new Xunit.Sdk.XunitException($"The demo ended before it said '{start}':\n{Text}\n{await _errors}");
            }
        }
        while (!_lines[^1].StartsWith(start, StringComparison.Ordinal));
    }

    /// <summary>Reads all and waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> UntilEndAsync()
    {
        while (await ReadLineAsync())
        {
        }

        _lines.AddRange((await _errors).Split('\n'));
        await _process.WaitForExitAsync(_stop.Token);
        _output.WriteLine($"exit code {_process.ExitCode}");
        return _process.ExitCode;
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(_stop.Token);
    }

    /// <summary>Waits until none of its nodes runs.</summary>
    public async Task UntilNodesEndedAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (NodePorts.Any(IsOpen))
        {
            await timer.WaitForNextTickAsync(_stop.Token);
        }
    }

    public static bool IsOpen(int port)
    {
        using var client = new TcpClient();
        try
        {
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        _stop.Dispose();
    }

    private async Task<bool> ReadLineAsync()
    {
        if (await _process.StandardOutput.ReadLineAsync(_stop.Token) is not { } line)
        {
            return false;
        }

        _output.WriteLine(line);
        _lines.Add(line);
        return true;
    }

    [GeneratedRegex(@" on port (\d+)")]
    private static partial Regex NodePort();
}
