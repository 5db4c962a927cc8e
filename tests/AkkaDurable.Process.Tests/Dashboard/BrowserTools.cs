using System.Diagnostics;

namespace AkkaDurable.Process.Tests.Dashboard;

/// <summary>Node.js, a chromium, playwright-core and axe-core. What is missing is installed once, by Browser/setup.sh, into the folder of build output.</summary>
internal static class BrowserTools
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);
    private static readonly Lazy<(string? Browser, string? Problem)> s_tools = new(Find);

    /// <summary>Why there is no browser; null: there is one.</summary>
    public static string? Unavailable => s_tools.Value.Problem;

    public static string Browser => s_tools.Value.Browser!;

    /// <summary>Where the packages are, and screenshots go.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "browser");

    public static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Dashboard", "Browser", name);

    private static (string?, string?) Find()
    {
        if (OperatingSystem.IsWindows())
        {
            return (null, "the browser's set-up is a shell script");
        }

        using var setup = System.Diagnostics.Process.Start(new ProcessStartInfo("bash", [Script("setup.sh"), Folder]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (setup.StandardOutput.ReadToEndAsync(), setup.StandardError.ReadToEndAsync());
        if (!setup.WaitForExit(s_patience))
        {
            setup.Kill(entireProcessTree: true);
            return (null, $"no browser: its set-up was not done within {s_patience.TotalMinutes:0} minutes");
        }

        return setup.ExitCode == 0 ? (LastLine(output.Result), null) : (null, $"no browser: {LastLine(errors.Result)}");
    }

    private static string LastLine(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "the set-up said nothing";
}
