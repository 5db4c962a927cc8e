using AkkaDurable.Cli.Internal;
using ChangeStats.Cluster;

namespace AkkaDurable.Cli.Process.Tests;

/// <summary>The prompt in a real terminal, and what shells complete.</summary>
public sealed class PromptTests(OperatedCluster cluster) : IClassFixture<OperatedCluster>
{
    private string Prompt => $"[{cluster.Eu.Admin}] akka-durable>";

    [NeedsProgramFact("tmux")]
    public async Task Commands_are_completed_run_remembered_and_ended()
    {
        var tool = ThisProgram.Other(typeof(Tool).Assembly);
        await using var screen = await TerminalScreen.OpenAsync([tool.FileName, typeof(Tool).Assembly.Location, cluster.Eu.Admin], ("AKKA_DURABLE_TOKEN", OperatedCluster.Token));
        await screen.UntilLastLineAsync(Prompt);

        await screen.TypeAsync("pla");
        await screen.PressAsync("Tab");
        await screen.UntilLastLineAsync($"{Prompt} placement");
        await screen.TypeAsync("s");
        await screen.PressAsync("Tab");
        await screen.UntilLastLineAsync($"{Prompt} placement show");
        await screen.PressAsync("Enter");
        var table = await screen.UntilAsync("the table is drawn", text => text.Contains('╰') && text.TrimEnd().EndsWith(Prompt, StringComparison.Ordinal));
        Assert.Contains("│ eu ", table, StringComparison.Ordinal);

        // A choice of what fits, the line typed so far after it.
        await screen.TypeAsync("cluster-sharding re");
        await screen.PressAsync("Tab");
        await screen.UntilAsync("there is a choice", text => text.Contains("\nrebalance  region-stats  regions", StringComparison.Ordinal));
        await screen.UntilLastLineAsync($"{Prompt} cluster-sharding re");
        await screen.PressAsync("C-c");
        await screen.UntilLastLineAsync(Prompt);

        await screen.TypeAsync("garden show");
        await screen.PressAsync("Enter");
        await screen.UntilAsync("the error is told", text => text.Contains("\"garden\" is no palette", StringComparison.Ordinal));
        await screen.PressAsync("Up");
        await screen.PressAsync("Up");
        await screen.UntilLastLineAsync($"{Prompt} placement show");
        await screen.PressAsync("Down");
        await screen.UntilLastLineAsync($"{Prompt} garden show");
        await screen.PressAsync("C-w");
        await screen.TypeAsync("grow");
        await screen.PressAsync("C-a");
        await screen.TypeAsync("my ");
        await screen.UntilLastLineAsync($"{Prompt} my garden grow");
        await screen.PressAsync("C-e");
        await screen.PressAsync("C-u");
        await screen.TypeAsync(new string('x', 200) + "end");
        await screen.UntilAsync("the end of a long line is seen", text => text.EndsWith("xend", StringComparison.Ordinal) && text.Split('\n')[^1].StartsWith(Prompt, StringComparison.Ordinal));
        await screen.PressAsync("C-u");

        await screen.TypeAsync("servers tail -t till");
        await screen.PressAsync("Enter");
        await cluster.CallAsync("eu/prompt");
        await screen.UntilAsync("the tail tells", text => text.Contains("key: eu/prompt", StringComparison.Ordinal));
        await screen.PressAsync("C-c");
        await screen.UntilLastLineAsync(Prompt);
        await screen.TypeAsync("servers delete -t till eu/prompt");
        await screen.PressAsync("Enter");
        await screen.UntilAsync("it asks", text => text.EndsWith("Go on? [y/N]", StringComparison.Ordinal));
        await screen.TypeAsync("y");
        await screen.PressAsync("Enter");
        await screen.UntilAsync("it is done", text => text.Contains("Deleted", StringComparison.Ordinal) && text.EndsWith(Prompt, StringComparison.Ordinal));

        // The prompt is on the screen a moment before it reads keys, and an end of input that comes just then is the terminal's own, and lost.
        await screen.TypeAsync("bye");
        await screen.UntilLastLineAsync($"{Prompt} bye");
        await screen.PressAsync("C-u");
        await screen.UntilLastLineAsync(Prompt);
        await screen.PressAsync("C-d");
        Assert.Equal(0, await screen.ExitCodeAsync());
    }

    // No shell writes a history: it would do so when it is ended, into a folder that is being deleted.
    [NeedsProgramFact("tmux", "bash")]
    public Task Bash_completes() => CompletesAsync(["bash", "--norc", "-i"], "unset HISTFILE; PS1='$ '; eval \"$(akka-durable completion bash)\"");

    [NeedsProgramFact("tmux", "zsh")]
    public Task Zsh_completes() => CompletesAsync(["zsh", "-f", "-i"], "PS1='$ '; autoload -U compinit; compinit -D; eval \"$(akka-durable completion zsh)\"");

    [NeedsProgramFact("tmux", "fish")]
    public Task Fish_completes() => CompletesAsync(["fish", "--no-config", "--private", "-i"], "function fish_prompt; echo -n '$ '; end; akka-durable completion fish | source");

    private async Task CompletesAsync(string[] shell, string setUp)
    {
        var folder = Directory.CreateTempSubdirectory("akka-durable-completion-").FullName;
        try
        {
            var tool = ThisProgram.Other(typeof(Tool).Assembly);
            var script = Path.Combine(folder, "akka-durable");
            await File.WriteAllTextAsync(script, $"#!/bin/sh\nexec \"{tool.FileName}\" \"{typeof(Tool).Assembly.Location}\" \"$@\"\n");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }

            await using var screen = await TerminalScreen.OpenAsync(shell, ("PATH", $"{folder}:{Environment.GetEnvironmentVariable("PATH")}"), ("HOME", folder));
            await screen.TypeAsync(setUp + "; echo re''ady");
            await screen.PressAsync("Enter");
            await screen.UntilAsync("the shell is ready", text => text.Contains("\nready", StringComparison.Ordinal));

            // Each time the shell asks the tool, which asks the node.
            foreach (var (typed, completed) in new[] { ("gro", "groups"), (" li", "list"), (" --help", "--help") })
            {
                if (typed == "gro")
                {
                    await screen.TypeAsync($"akka-durable {cluster.Eu.Admin} ");
                }

                await screen.TypeAsync(typed.Trim());
                if (!typed.StartsWith(" --", StringComparison.Ordinal))
                {
                    await screen.PressAsync("Tab");
                }

                await screen.UntilAsync($"{completed} stands there", text => text.Split('\n')[^1].TrimEnd().EndsWith($" {completed}", StringComparison.Ordinal));
            }

            await screen.PressAsync("Enter");
            await screen.UntilAsync("the help is shown", text => text.Contains("groups list: Lists the groups that have members.", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
