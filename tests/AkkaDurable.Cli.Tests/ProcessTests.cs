using System.Diagnostics;
using AkkaDurable.Cli.Internal;

namespace AkkaDurable.Cli.Tests;

/// <summary>The tool as a process of its own.</summary>
public sealed class ProcessTests(OneNode one) : IClassFixture<OneNode>
{
    [Fact]
    public async Task It_ends_with_its_exit_code_and_writes_plain_text_to_a_pipe()
    {
        var shown = await RunAsync("cluster", "show");
        Assert.Equal((0, ""), (shown.ExitCode, shown.Error));
        Assert.StartsWith($"{one.Node.Address} | status: Up", shown.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', shown.Out);
        Assert.Equal(2, (await RunAsync("garden", "show")).ExitCode);
        Assert.Equal(1, (await RunAsync("servers", "list", "-t", "safe")).ExitCode);
    }

    [Fact]
    public async Task It_ends_when_nobody_reads_any_more()
    {
        // Each row of the tail is a write; the first to meet the closed pipe ends it.
        using var process = Start("servers", "tail");
        Assert.Contains("Registered", await process.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);
        process.StandardOutput.Close();
        for (var i = 0; !process.HasExited && i < 400; i++)
        {
            await one.Node.Vaults["pipe"].CallAsync(new Management.Tests.Deposit());
            await one.Node.Vaults["pipe"].StopAsync();
            await Task.Delay(25);
        }

        Assert.True(process.WaitForExit(10_000), "the tool runs on although nobody reads");
        Assert.Equal(1, process.ExitCode);
    }

    [Fact]
    public async Task Two_runs_into_one_file_do_not_write_over_each_other()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var file = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("/bin/sh");
            foreach (var word in new[] { "-c", "{ echo first; \"$0\" \"$1\" --version; \"$0\" \"$1\" --version; echo last; } > \"$2\"", Environment.ProcessPath!, typeof(Tool).Assembly.Location, file })
            {
                start.ArgumentList.Add(word);
            }

            using var shell = Process.Start(start)!;
            await shell.WaitForExitAsync();
            var lines = await File.ReadAllLinesAsync(file);
            Assert.Equal(("first", "last", 4), (lines[0], lines[^1], lines.Length));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private async Task<ToolRun> RunAsync(params string[] words)
    {
        using var process = Start(words);
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new(process.ExitCode, output, await error);
    }

    private Process Start(params string[] words)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add(typeof(Tool).Assembly.Location);
        start.ArgumentList.Add(one.Address);
        foreach (var word in words)
        {
            start.ArgumentList.Add(word);
        }

        return Process.Start(start)!;
    }
}
