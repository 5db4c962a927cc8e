using System.Text.Json;
using AkkaDurable.Cli.Internal;
using ChangeStats.Cluster;

namespace AkkaDurable.Cli.Process.Tests;

/// <summary>One run of the tool as a process of its own.</summary>
internal sealed record ToolRun(string Command, int ExitCode, string Out, string Error)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    public JsonElement[] Rows => [.. Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).Where(item => item.GetProperty("type").GetString() == "row")];

    /// <summary>Runs it until it ends, or has written so many lines.</summary>
    public static async Task<ToolRun> OfAsync(IReadOnlyList<string> words, string? token, string input = "", int lines = int.MaxValue)
    {
        using var process = Start(words, token);
        var error = process.StandardError.ReadToEndAsync();
        var output = new StringWriter();
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            var feed = FeedAsync(process, input);
            for (var read = 0; read < lines && await process.StandardOutput.ReadLineAsync(patience.Token) is { } line; read++)
            {
                await output.WriteLineAsync(line);
            }

            if (lines != int.MaxValue)
            {
                process.Kill();
            }

            await process.WaitForExitAsync(patience.Token);
            await feed;
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new Xunit.Sdk.XunitException($"akka-durable {string.Join(' ', words)} did not end within {s_patience.TotalSeconds:0} s; it wrote:\n{output}\n{await error}");
        }

        return new(string.Join(' ', words), process.ExitCode, output.ToString(), await error);
    }

    public static System.Diagnostics.Process Start(IReadOnlyList<string> words, string? token)
    {
        var start = ThisProgram.Other(typeof(Tool).Assembly, [.. words]);
        start.Environment.Remove("AKKA_DURABLE_ADDRESS");
        start.Environment.Remove("AKKA_DURABLE_TOKEN_FILE");
        start.Environment["AKKA_DURABLE_TOKEN"] = token ?? "";
        return System.Diagnostics.Process.Start(start)!;
    }

    public override string ToString() => $"akka-durable {Command} ended with {ExitCode}\n{Out}{Error}";

    private static async Task FeedAsync(System.Diagnostics.Process process, string input)
    {
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read all.
        }
    }
}
