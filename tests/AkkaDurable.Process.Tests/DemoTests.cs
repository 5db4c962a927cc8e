using System.IO.Compression;
using AkkaDurable.TestSupport.Postgres;
using Xunit.Abstractions;

namespace AkkaDurable.Process.Tests;

/// <summary>The demo from start to end, and what it leaves behind when it is not let come to its end.</summary>
public sealed class DemoTests(ITestOutputHelper output) : IDisposable
{
    private const int Files = 200;
    private const int ChangesOfEach = 50;
    private const int Nodes = 3;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("process-tests-demo-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public Task The_demo_loses_and_doubles_nothing_on_SQLite() => RunAsync();

    [PostgresFact]
    public Task The_demo_loses_and_doubles_nothing_on_PostgreSQL() => RunAsync("--postgres");

    [Fact]
    public async Task An_interrupted_demo_leaves_nothing_behind()
    {
        await using var demo = new DemoProcess(output, "--input", WriteInput());
        await demo.UntilAsync("cluster ");
        Assert.Equal(Nodes, demo.NodePorts.Count(DemoProcess.IsOpen));

        Signals.SendTerminate(demo.Pid);

        Assert.Equal(130, await demo.UntilEndAsync());
        Assert.DoesNotContain(demo.NodePorts, DemoProcess.IsOpen);
        Assert.False(Directory.Exists(demo.Folder));
    }

    [Fact]
    public async Task Nodes_end_by_themselves_when_the_demo_is_killed()
    {
        await using var demo = new DemoProcess(output, "--input", WriteInput());
        await demo.UntilAsync("cluster ");
        Assert.Equal(Nodes, demo.NodePorts.Count(DemoProcess.IsOpen));

        await demo.KillAsync();

        await demo.UntilNodesEndedAsync();
        Directory.Delete(demo.Folder, recursive: true);
    }

    [Theory]
    [InlineData("--input", "no-such-file.csv")]
    [InlineData("--in-flight", "0")]
    [InlineData("--in-flight", "many")]
    [InlineData("--victim", "4")]
    [InlineData("--colour", "blue")]
    public async Task Wrong_use_is_told_in_words_and_by_the_exit_code(string option, string value)
    {
        await using var demo = new DemoProcess(output, option, value);

        Assert.Equal(2, await demo.UntilEndAsync());
        Assert.Contains(value, demo.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", demo.Text, StringComparison.Ordinal);
    }

    private async Task RunAsync(params string[] arguments)
    {
        await using var demo = new DemoProcess(output, ["--input", WriteInput(), .. arguments]);

        Assert.Equal(0, await demo.UntilEndAsync());
        Assert.Contains("kill -9   node 2", demo.Text, StringComparison.Ordinal);
        Assert.Contains("back      node 2", demo.Text, StringComparison.Ordinal);
        Assert.Contains($"\nacknowledged   {Files * ChangesOfEach:N0}\nlost 0, doubled 0\nworst gap ", demo.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(demo.NodePorts, DemoProcess.IsOpen);
        Assert.False(Directory.Exists(demo.Folder));
    }

    private string WriteInput()
    {
        var path = Path.Combine(_folder.FullName, "changes.csv.gz");
        using var writer = new StreamWriter(new GZipStream(File.Create(path), CompressionLevel.Fastest));
        writer.WriteLine("date,path,added,removed");
        for (var change = 0; change < ChangesOfEach; change++)
        {
            for (var file = 0; file < Files; file++)
            {
                writer.WriteLine($"2018-01-01T00:00:00Z,\"src/{file}, with a comma.cs\",{change},{file}");
            }
        }

        return path;
    }
}
