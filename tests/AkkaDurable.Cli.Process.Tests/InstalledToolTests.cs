using System.Diagnostics;
using System.Runtime.InteropServices;
using AkkaDurable.TestSupport;

namespace AkkaDurable.Cli.Process.Tests;

/// <summary>The packed tool, installed into a folder of its own.</summary>
public sealed class InstalledToolTests(OperatedCluster cluster) : IClassFixture<OperatedCluster>
{
    // What an operator waits for the first byte: the best of so many, since machines have other things to do too.
    private const int Runs = 10;
    private static readonly TimeSpan s_firstByte = TimeSpan.FromMilliseconds(400);

    [Fact]
    public async Task It_is_packed_installed_and_quick_to_answer()
    {
        var folder = Directory.CreateTempSubdirectory("akka-durable-installed-").FullName;
        try
        {
            var (packages, tools) = (Path.Combine(folder, "packages"), Path.Combine(folder, "tools"));
            await DotNetAsync("pack", Path.Combine(SourceTree.Root, "src", "AkkaDurable.Cli"), "-c", "Release", "--no-restore", "-o", packages);
            var config = Path.Combine(folder, "nuget.config");
            await File.WriteAllTextAsync(config, $"<configuration><packageSources><clear /><add key=\"here\" value=\"{packages}\" /></packageSources></configuration>");
            await DotNetAsync("tool", "install", "AkkaDurable.Cli", "--tool-path", tools, "--configfile", config);

            var best = TimeSpan.MaxValue;
            for (var i = 0; i < Runs; i++)
            {
                var watch = Stopwatch.StartNew();
                using var process = System.Diagnostics.Process.Start(new ProcessStartInfo(Path.Combine(tools, "akka-durable"), [cluster.Eu.Admin, "cluster", "show"]) { RedirectStandardOutput = true })!;
                var first = process.StandardOutput.Read();
                best = watch.Elapsed < best ? watch.Elapsed : best;
                var rest = await process.StandardOutput.ReadToEndAsync();
                await process.WaitForExitAsync();
                Assert.Equal(0, process.ExitCode);
                Assert.Equal(3, $"{(char)first}{rest}".TrimEnd().Split('\n').Length);
            }

            Assert.True(best < s_firstByte, $"The first byte took {best.TotalMilliseconds:0} ms.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task DotNetAsync(params string[] words)
    {
        var dotnet = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet");
        using var process = System.Diagnostics.Process.Start(new ProcessStartInfo(dotnet, words) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', words)}:\n{output}{await error}");
    }
}
