using System.Globalization;
using System.Text.RegularExpressions;
using ChangeStats.Cluster;
using Xunit.Abstractions;

namespace AkkaDurable.Process.Tests;

/// <summary>The example with chat rooms: three processes, a visitor by web socket and one by server-sent events on each.</summary>
public sealed partial class ChatRoomsTests(ITestOutputHelper output)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task No_line_is_lost_when_the_node_of_the_room_is_killed_and_those_who_are_left_see_who_is_there()
    {
        var (exitCode, text) = await RunAsync("demo");

        Assert.Equal(0, exitCode);
        Assert.Contains("everyone sees everyone", text, StringComparison.Ordinal);
        Assert.Contains("the visitors of the other nodes see just each other", text, StringComparison.Ordinal);
        Assert.Contains("kill -9 of all nodes", text, StringComparison.Ordinal);
        Assert.DoesNotContain("WRONG", text, StringComparison.Ordinal);

        // Talking went on through all of it.
        var end = End().Match(text.TrimEnd());
        Assert.True(end.Success, text);
        var (stored, acknowledged) = (int.Parse(end.Groups["stored"].Value, CultureInfo.InvariantCulture), int.Parse(end.Groups["acknowledged"].Value, CultureInfo.InvariantCulture));
        Assert.InRange(acknowledged, 100, stored);
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("node", "--http", "0")]
    [InlineData("node", "--http", "eighty")]
    public async Task Wrong_use_is_told_by_the_exit_code(params string[] arguments) => Assert.Equal(2, (await RunAsync(arguments)).ExitCode);

    private async Task<(int ExitCode, string Text)> RunAsync(params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(ThisProgram.Other(typeof(ChatRooms.Room).Assembly, arguments))!;
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

    [GeneratedRegex(@"(?<stored>\d+) lines stored, (?<acknowledged>\d+) of them acknowledged: none lost, none doubled, each told once and in order$")]
    private static partial Regex End();
}
