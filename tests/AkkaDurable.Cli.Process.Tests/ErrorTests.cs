using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AkkaDurable.Cli.Internal;

namespace AkkaDurable.Cli.Process.Tests;

/// <summary>What goes wrong, by the real tool.</summary>
public sealed class ErrorTests(OperatedCluster cluster) : IClassFixture<OperatedCluster>
{
    [Theory]
    [InlineData("servers stop -t till eu/a", null, 1, "this needs the token, as Authorization: Bearer", "no-token")]
    [InlineData("servers stop -t till eu/a", "wrong-horse-battery", 1, "the token is not the right one", "wrong-token")]
    [InlineData("servers crashes -t till", null, 1, "this needs the token, as Authorization: Bearer", "no-token")]
    [InlineData("placement drain 10.0.0.7:8110", OperatedCluster.Token, 1, "the cluster has no member 10.0.0.7:8110; there are akka.tcp://shop@127.0.0.1:", "not-found")]
    [InlineData("system info -n 10.0.0.7:8110", null, 1, "the cluster has no member 10.0.0.7:8110; there are akka.tcp://shop@127.0.0.1:", "not-found")]
    [InlineData("servers info -t till eu/nobody", null, 1, "there is no server till/eu/nobody: nothing is stored under this key", "not-found")]
    [InlineData("servers info -t safe eu/a", null, 1, "this node knows no server type safe; there are till", "not-found")]
    [InlineData("servers info -t till mars/a", null, 2, "", "invalid-value")]
    [InlineData("servers dance", null, 2, "servers: \"dance\" is no verb; there are list, count", "unknown-verb")]
    [InlineData("garden show", null, 2, "\"garden\" is no palette; there are cluster, cluster-sharding", "unknown-palette")]
    [InlineData("servers call -t till eu/a -m Add -b {", OperatedCluster.Token, 2, "servers call -b: \"{\" is not allowed: it must be JSON", "invalid-value")]
    [InlineData("servers call -t till eu/a -m Add -b {\"Coins\":\"many\"}", OperatedCluster.Token, 2, "The body is no AkkaDurable.Cli.Process.Tests.Add", "invalid-value")]
    [InlineData("servers delete -t till eu/a", OperatedCluster.Token, 1, "servers delete cannot be taken back: add --yes if it is meant", null)]
    public async Task It_is_told_in_a_line_and_as_json(string command, string? token, int exitCode, string message, string? code)
    {
        var run = await cluster.RunAsync(command.Split(' '), token);
        Assert.True((run.ExitCode, run.Out) == (exitCode, ""), $"{run}");
        Assert.StartsWith($"akka-durable: {message}", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));

        var json = await cluster.RunAsync([.. command.Split(' '), "--json"], token);
        Assert.True((json.ExitCode, json.Out) == (exitCode, ""), $"{json}");
        if (code is not null)
        {
            Assert.Equal($"urn:akka-durable:{code}", JsonDocument.Parse(json.Error).RootElement.GetProperty("type").GetString());
        }
    }

    [Fact]
    public async Task A_body_of_10_megabytes_is_refused_and_the_node_lives_on()
    {
        var line = $"servers call -t till eu/big -m Add -b \"{new string('x', 10 << 20)}\"";
        var run = await cluster.RunAsync([], OperatedCluster.Token, line + "\n");
        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Equal("a request body has at most 65536 bytes\n", run.Error);

        using var http = new HttpClient();
        Assert.Equal((413, "too-large"), await PostAsync(http, new byte[10 << 20]));
        Assert.Equal((400, "malformed"), await PostAsync(http, "{\"arguments\": {\"type\": "u8.ToArray()));
        Assert.Equal((400, "malformed"), await PostAsync(http, [0x7b, 0x22, 0xff, 0x22, 0x7d]));
        Assert.Equal(0, (await cluster.RunAsync(["cluster", "show"])).ExitCode);
    }

    [Fact]
    public async Task A_reader_that_goes_away_ends_the_tool_quietly()
    {
        for (var i = 0; i < 3; i++)
        {
            await cluster.CallAsync($"eu/pipe-{i}");
        }

        // The table is written at once; the tail goes on until the pipe is found closed.
        foreach (var (command, more) in new[] { ("servers list -t till", false), ("servers tail -t till -p eu/pipe", true) })
        {
            var shell = ShellAsync($"set -o pipefail; \"$0\" \"$1\" \"$2\" {command} | head -1; echo \"${{PIPESTATUS[0]}}\"");
            for (var i = 0; more && !shell.IsCompleted; i++)
            {
                await cluster.CallAsync($"eu/pipe-more-{i}");
            }

            var (output, error) = await shell;
            var lines = output.TrimEnd().Split('\n');
            Assert.Equal((2, ""), (lines.Length, error));
            Assert.Contains("till", lines[0] + command, StringComparison.Ordinal);
            Assert.Contains(lines[1], more ? ["1"] : new[] { "0", "1" });
        }
    }

    [Fact]
    public async Task A_word_that_is_not_utf8_is_told()
    {
        var (output, error) = await ShellAsync("\"$0\" \"$1\" \"$2\" servers info -t till $'eu/a\\xffb'; echo $?");

        Assert.Equal("2\n", output);
        Assert.Matches("^akka-durable: \"eu/a.*b\" is not UTF-8 text\n$", error);
    }

    private async Task<(int Status, string Code)> PostAsync(HttpClient http, byte[] body)
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{cluster.Eu.Admin}/akka-durable/commands/servers/call") { Content = content, Headers = { ExpectContinue = true } };
        using var response = await http.SendAsync(request);
        return ((int)response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("type").GetString()!.Split(':')[^1]);
    }

    /// <summary>Runs a script in which "$0" "$1" "$2" is the tool with the address.</summary>
    private async Task<(string Out, string Error)> ShellAsync(string script)
    {
        var tool = ChangeStats.Cluster.ThisProgram.Other(typeof(Tool).Assembly);
        var start = new System.Diagnostics.ProcessStartInfo("bash", ["-c", script, tool.FileName, typeof(Tool).Assembly.Location, cluster.Eu.Admin])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, StandardErrorEncoding = Encoding.UTF8,
        };
        using var shell = System.Diagnostics.Process.Start(start)!;
        var error = shell.StandardError.ReadToEndAsync();
        var output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return (output, await error);
    }
}
