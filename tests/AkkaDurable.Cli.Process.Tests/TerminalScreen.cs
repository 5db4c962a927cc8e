using System.Diagnostics;

namespace AkkaDurable.Cli.Process.Tests;

/// <summary>A program in a real terminal of 150 columns, which is typed into and looked at: by tmux.</summary>
internal sealed class TerminalScreen : IAsyncDisposable
{
    // Tells of the end on the screen: tmux itself loses a program's exit code now and then. An interrupt is for the program alone.
    private const string AndTell = "trap : INT; \"$@\"; echo \"ended with $?\"; read _";
    private const string Ended = "\nended with ";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly string _socket = $"akka-durable-{Guid.NewGuid():N}";

    public static async Task<TerminalScreen> OpenAsync(IReadOnlyList<string> command, params (string Name, string Value)[] environment)
    {
        var screen = new TerminalScreen();
        await screen.TmuxAsync(["-f", "/dev/null", "new-session", "-d", "-x", "150", "-y", "50", "env", .. environment.Select(entry => $"{entry.Name}={entry.Value}"), "sh", "-c", AndTell, "sh", .. command]);
        return screen;
    }

    /// <summary>Types a text.</summary>
    public Task TypeAsync(string text) => TmuxAsync(["send-keys", "-l", "--", text]);

    /// <summary>Presses a key, by tmux's name of it.</summary>
    public Task PressAsync(string key) => TmuxAsync(["send-keys", key]);

    public async Task<string> TextAsync() => (await TmuxAsync(["capture-pane", "-p"])).TrimEnd();

    /// <summary>Waits until the screen's text is as wanted.</summary>
    public async Task<string> UntilAsync(string what, Func<string, bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var text = await TextAsync();
            if (condition(text))
            {
                return text;
            }

            Assert.True(watch.Elapsed < s_patience, $"Not within {s_patience.TotalSeconds:0} s: {what}. On the screen is:\n{text}");
            await Task.Delay(100);
        }
    }

    /// <summary>Waits until the last line is as wanted.</summary>
    public Task<string> UntilLastLineAsync(string line) => UntilAsync($"the last line is \"{line}\"", text => text.Split('\n')[^1].TrimEnd() == line);

    /// <summary>Waits until the program has ended.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> ExitCodeAsync()
    {
        var text = await UntilAsync("it has ended", text => text.Contains(Ended, StringComparison.Ordinal));
        return int.Parse(text[(text.LastIndexOf(Ended, StringComparison.Ordinal) + Ended.Length)..], System.Globalization.CultureInfo.InvariantCulture);
    }

    // A server of its own, which ends with its only session.
    public async ValueTask DisposeAsync() => await TmuxAsync(["kill-server"]);

    private async Task<string> TmuxAsync(IReadOnlyList<string> words)
    {
        using var tmux = System.Diagnostics.Process.Start(new ProcessStartInfo("tmux", ["-L", _socket, .. words]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = tmux.StandardError.ReadToEndAsync();
        var output = await tmux.StandardOutput.ReadToEndAsync();
        await tmux.WaitForExitAsync();
        Assert.True(tmux.ExitCode == 0, $"tmux {string.Join(' ', words)}: {await error}");
        return output;
    }
}
