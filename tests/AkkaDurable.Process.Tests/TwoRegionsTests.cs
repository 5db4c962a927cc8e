using ChangeStats.Cluster;
using Xunit.Abstractions;

namespace AkkaDurable.Process.Tests;

/// <summary>The example with two regions, as its users run it.</summary>
public sealed class TwoRegionsTests(ITestOutputHelper output)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task It_loses_a_region_gets_it_back_and_ends_by_itself()
    {
        var (exitCode, text) = await RunAsync();

        Assert.Equal(0, exitCode);
        Assert.Contains("the baskets of us are served in eu", text, StringComparison.Ordinal);
        Assert.Matches("invoice us/18 +waits for us", text);
        Assert.Contains("every key is home again", text, StringComparison.Ordinal);
        Assert.EndsWith("each counted once", text.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_use_is_told_by_the_exit_code() => Assert.Equal(2, (await RunAsync("--fast")).ExitCode);

    private async Task<(int ExitCode, string Text)> RunAsync(params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(ThisProgram.Other(typeof(TwoRegions.Basket).Assembly, arguments))!;
        var text = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        finally
        {
            // Its nodes end with it.
            process.Kill();
            output.WriteLine(await text);
            output.WriteLine(await errors);
        }

        return (process.ExitCode, await text);
    }
}
