using System.Diagnostics;

namespace AkkaDurable.Benchmarks.Processes;

/// <summary>A second process of this program. It ends when this one closes its input, or ends.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    /// <summary>What the child said when it was ready.</summary>
    public string Answer { get; private set; } = "";

    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <param name="role">What it is to do: see <see cref="ChildRoles"/>.</param>
    /// <param name="arguments">What the role needs to know.</param>
    /// <exception cref="InvalidOperationException">It ended before it was ready.</exception>
    public static async Task<ChildProcess> StartAsync(string role, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        }

        start.ArgumentList.Add(ChildRoles.Verb);
        start.ArgumentList.Add(role);
        var child = new ChildProcess(Process.Start(start)!);

        // Not on the command line, which everyone on the machine can read: there may be a password among them.
        await child._process.StandardInput.WriteLineAsync(string.Join('\t', arguments));
        child.Answer = await child._process.StandardOutput.ReadLineAsync().WaitAsync(Patience)
            ?? throw new InvalidOperationException($"The process for '{role}' ended before it was ready.");
        return child;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
