using System.Text.RegularExpressions;
using AkkaDurable.Process.Tests;

namespace AkkaDurable.Cli.Process.Tests;

/// <summary>Nodes that are paused or killed while the tool asks them something.</summary>
public sealed class LostNodeTests
{
    [Fact]
    public async Task What_a_lost_node_lacks_is_told_and_it_is_put_out_by_hand()
    {
        using var cluster = new OperatedCluster();
        try
        {
            await cluster.InitializeAsync();
            await cluster.CallAsync("us/kept");

            // Paused in the middle: of its own log's tail by another node, and of the tail of all.
            using var one = await FollowAsync(cluster.Eu, $"log tail -m clerk -n {cluster.Us.HostAndPort} --timeout 2s");
            using var all = await FollowAsync(cluster.Eu, "log tail -m clerk -all --timeout 2s");
            await OperatedCluster.UntilAsync("both have begun", async () =>
            {
                await cluster.RunAsync(["tree", "restart", "shop/checkout/clerk", "-n", cluster.Us.HostAndPort], OperatedCluster.Token);
                return one.HasRead && all.HasRead;
            });
            Signals.SendStop(cluster.Us.Id);
            Assert.Equal(1, await one.ExitCodeAsync());
            Assert.Matches($"(?m)^akka-durable: {Regex.Escape(cluster.Us.Address)} has said nothing for 2 s in the middle of log tail, which may have been done or not$", one.Error);
            var info = await cluster.RunAsync(["system", "info", "-n", cluster.Us.HostAndPort, "--timeout", "1s"]);
            Assert.Equal((1, "", $"akka-durable: {cluster.Us.Address} did not answer within 1 s\n"), (info.ExitCode, info.Out, info.Error));
            var stats = await cluster.RunAsync(["cluster-sharding", "region-stats", "-t", "till", "--timeout", "1s"]);
            Assert.Equal(0, stats.ExitCode);
            Assert.Matches($"(?m)^partial: {Regex.Escape(cluster.Us.Address)} did not answer", stats.Error);
            Signals.SendContinue(cluster.Us.Id);
            Assert.False(all.HasEnded);

            // Killed in the middle: the one that the tool speaks to.
            using var direct = await FollowAsync(cluster.Eu2, "servers tail");
            await OperatedCluster.UntilAsync("it has begun", () => Task.FromResult(direct.HasRead));
            await cluster.Eu2.KillAsync();
            Assert.Equal(1, await direct.ExitCodeAsync());
            Assert.Matches($"(?m)^akka-durable: {cluster.Eu2.Admin} (went away|ended the answer) in the middle", direct.Error);
            Assert.StartsWith($"akka-durable: {cluster.Eu2.Admin} does not answer", (await cluster.RunAsync(["cluster", "show"], on: cluster.Eu2)).Error, StringComparison.Ordinal);

            await OperatedCluster.UntilAsync("the killed node is unreachable or gone already", async () => (await cluster.RunAsync(["cluster", "show"])) is var shown
                && (shown.Error.Contains($"partial: {cluster.Eu2.Address} is unreachable", StringComparison.Ordinal) || !shown.Out.Contains(cluster.Eu2.Address, StringComparison.Ordinal)));
            var put = await cluster.RunAsync(["cluster", "down-unreachable", "--yes"], OperatedCluster.Token);
            Assert.True(put.ExitCode == 0 && Regex.IsMatch(put.Out, $"(?m)^({Regex.Escape(cluster.Eu2.Address)} was put out|no member is unreachable)$"), $"{put}");
            await OperatedCluster.UntilAsync("two are left", async () => !(await cluster.RunAsync(["cluster", "show"])).Out.Contains(cluster.Eu2.Address, StringComparison.Ordinal));
            await OperatedCluster.UntilAsync("what it had is answered elsewhere", async () => (await cluster.RunAsync(["servers", "call", "-t", "till", "us/kept", "-m", "Count"], OperatedCluster.Token)) is { ExitCode: 0 } run && run.Out == "us/kept | reply: 1\n");
        }
        finally
        {
            await cluster.DisposeAsync();
        }
    }

    private static Task<Follower> FollowAsync(NodeProcess node, string command) => Task.FromResult(new Follower(ToolRun.Start([node.Admin, .. command.Split(' ')], OperatedCluster.Token)));

    /// <summary>A run of the tool that goes on.</summary>
    private sealed class Follower : IDisposable
    {
        private readonly System.Diagnostics.Process _process;
        private readonly System.Text.StringBuilder _error = new();
        private volatile bool _hasRead;

        public Follower(System.Diagnostics.Process process)
        {
            _process = process;
            process.OutputDataReceived += (_, line) => _hasRead |= line.Data is not null;
            process.ErrorDataReceived += (_, line) => _error.Append(line.Data is null ? "" : line.Data + "\n");
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        public bool HasRead => _hasRead;

        public bool HasEnded => _process.HasExited;

        public string Error => _error.ToString();

        public async Task<int> ExitCodeAsync()
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            await _process.WaitForExitAsync(patience.Token);
            return _process.ExitCode;
        }

        public void Dispose()
        {
            if (!_process.HasExited)
            {
                _process.Kill();
            }

            _process.Dispose();
        }
    }
}
