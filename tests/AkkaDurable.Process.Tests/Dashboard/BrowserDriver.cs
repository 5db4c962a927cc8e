using System.Diagnostics;
using System.Text.Json;

namespace AkkaDurable.Process.Tests.Dashboard;

/// <summary>A browser with a page in it, driven by Browser/drive.mjs in a process of its own.</summary>
internal sealed class BrowserDriver : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly System.Diagnostics.Process _process;

    private BrowserDriver(System.Diagnostics.Process process) => _process = process;

    public static BrowserDriver Start()
    {
        var process = System.Diagnostics.Process.Start(new ProcessStartInfo("node", [BrowserTools.Script("drive.mjs"), BrowserTools.Folder, BrowserTools.Browser])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        return new BrowserDriver(process);
    }

    /// <summary>Takes a step; one that does not succeed fails the test.</summary>
    /// <param name="name">One of the steps of drive.mjs.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>What it answered.</returns>
    public async Task<JsonElement> DoAsync(string name, object? arguments = null)
    {
        var step = new Dictionary<string, object?> { ["do"] = name };
        foreach (var property in arguments?.GetType().GetProperties() ?? [])
        {
            step[property.Name] = property.GetValue(arguments);
        }

        var text = JsonSerializer.Serialize(step);
        await _process.StandardInput.WriteLineAsync(text);
        await _process.StandardInput.FlushAsync();
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(s_patience) ?? throw new Xunit.Sdk.XunitException($"The browser's driver has ended; the step was {text}");
        var answer = JsonDocument.Parse(line).RootElement;
        return answer.GetProperty("ok").GetBoolean() ? answer : throw new Xunit.Sdk.XunitException($"{text}: {answer.GetProperty("error").GetString()}");
    }

    /// <summary>Fails if the page was loaded again, or its console said something that is not expected.</summary>
    public async Task AssertCalmAsync(params string[] expected)
    {
        var state = await DoAsync("state");
        Assert.True(state.GetProperty("loadedOnce").GetBoolean(), "The page was loaded again.");
        Assert.Equal(0, state.GetProperty("images").GetInt32());
        Assert.DoesNotContain(state.GetProperty("errors").EnumerateArray().Select(error => error.GetString()!), error => !expected.Any(part => error.Contains(part, StringComparison.Ordinal)));
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
