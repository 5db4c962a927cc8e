using System.Collections.Concurrent;
using System.Diagnostics;
using ChangeStats.Cluster;
using Xunit.Abstractions;

namespace AkkaDurable.Process.Tests;

/// <summary>A server that never ends its handler keeps its process no longer than the budget, and is named.</summary>
public sealed class RefusingServerTests(ITestOutputHelper output)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    // For the host and the runtime, on a machine that does other work.
    private static readonly TimeSpan s_reserve = TimeSpan.FromSeconds(4);

    [Theory]
    [InlineData(RefusingProgram.Waiting)]
    [InlineData(RefusingProgram.Blocking)]
    public async Task The_process_ends_in_time_and_not_with_0_and_its_log_names_the_server(string how)
    {
        using var process = System.Diagnostics.Process.Start(RefusingProgram.Command(how))!;
        try
        {
            var lines = new ConcurrentQueue<string>();
            var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            process.OutputDataReceived += (_, line) =>
            {
                lines.Enqueue(line.Data ?? "");
                if (line.Data == RefusingProgram.Ready)
                {
                    ready.SetResult();
                }
            };
            process.BeginOutputReadLine();
            var errors = process.StandardError.ReadToEndAsync();
            Assert.True(await Task.WhenAny(ready.Task, Task.Delay(s_patience)) == ready.Task, $"The handler does not run: {string.Join('\n', lines)}");

            var start = Stopwatch.GetTimestamp();
            Signals.SendTerminate(process.Id);
            using var patience = new CancellationTokenSource(s_patience);
            await process.WaitForExitAsync(patience.Token);
            var took = Stopwatch.GetElapsedTime(start);
            output.WriteLine($"{how}: ended in {took.TotalSeconds:0.0} s of {RefusingProgram.Budget.TotalSeconds:0} s with exit code {process.ExitCode}");
            Assert.Equal("", await errors);
            Assert.Equal(NodeProgram.NotSaved, process.ExitCode);
            Assert.Contains($"refusing/{RefusingProgram.Refusing}", Assert.Single(lines, static line => line.Contains("the last state of 1 of 10 servers could not be stored", StringComparison.Ordinal)), StringComparison.Ordinal);
            Assert.True(took < RefusingProgram.Budget + s_reserve, $"It took {took.TotalSeconds:0.0} s.");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
