namespace AkkaDurable.Process.Tests;

/// <summary>Whoever runs a node learns from its exit code that the cluster has put it out.</summary>
public sealed class DownedNodeTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_process_of_a_node_that_was_put_out_does_not_end_with_0_though_Main_returns_it() => Assert.Equal(255, await ExitCodeAsync(endProcessWhenDowned: true));

    [Fact]
    public async Task Where_it_is_turned_off_Main_has_the_last_word() => Assert.Equal(0, await ExitCodeAsync(endProcessWhenDowned: false));

    private static async Task<int> ExitCodeAsync(bool endProcessWhenDowned)
    {
        using var process = System.Diagnostics.Process.Start(DownedProgram.Command(endProcessWhenDowned))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new Xunit.Sdk.XunitException($"The process did not end within {s_patience.TotalSeconds:0} s:\n{await output}\n{await errors}");
        }

        // That it ends for no other reason.
        Assert.Contains("Cluster", await output, StringComparison.Ordinal);
        Assert.Equal("", await errors);
        return process.ExitCode;
    }
}
