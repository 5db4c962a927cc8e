using System.Text.Json;
using System.Text.RegularExpressions;
using AkkaDurable.Management;

namespace AkkaDurable.Cli.Process.Tests;

/// <summary>Each verb by the real tool, in text and in JSON, on a cluster that stays whole.</summary>
public sealed class VerbTests(OperatedCluster cluster) : IClassFixture<OperatedCluster>
{
    private static int s_runs;

    public static TheoryData<string> Verbs => [.. VerbTable.Rows.Where(row => row.Verb is not ("cluster leave" or "cluster down")).Select(row => row.Verb)];

    [Fact]
    public async Task No_verb_is_left_out()
    {
        Assert.Equal(
            DurableCommands.Palettes.SelectMany(palette => palette.Commands.Select(command => $"{palette.Name} {command.Name}")).Order(StringComparer.Ordinal),
            VerbTable.Rows.Select(row => row.Verb).Order(StringComparer.Ordinal));
        foreach (var palette in DurableCommands.Palettes)
        {
            var help = await cluster.RunAsync(["help", palette.Name]);
            Assert.All(palette.Commands, command => Assert.Matches($@"(?m)^  {command.Name} +{Regex.Escape(command.Description)}", help.Out));
        }
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task It_says_what_it_should_in_text_and_in_json(string verb)
    {
        var row = VerbTable.Rows.Single(row => row.Verb == verb);
        foreach (var isJson in new[] { false, true })
        {
            await CheckAsync(row, isJson, new Dictionary<string, NodeProcess> { ["eu"] = cluster.Eu, ["eu2"] = cluster.Eu2, ["us"] = cluster.Us });
        }
    }

    [Fact]
    public async Task Nodes_leave_and_are_put_out()
    {
        foreach (var isJson in new[] { false, true })
        {
            var added = await Task.WhenAll(cluster.AddAsync("eu"), cluster.AddAsync("us"));
            var nodes = new Dictionary<string, NodeProcess> { ["leaver"] = added[0], ["downed"] = added[1] };
            await CheckAsync(VerbTable.Rows.Single(row => row.Verb == "cluster leave"), isJson, nodes);

            // Akka.Hosting's exit code wherever the actor system ends before the application does.
            Assert.Equal(255, await added[0].ExitCodeAsync(TimeSpan.FromSeconds(60)));
            Assert.Contains("[ExitCode:0]", added[0].Log, StringComparison.Ordinal);
            await CheckAsync(VerbTable.Rows.Single(row => row.Verb == "cluster down"), isJson, nodes);
            Assert.Equal(255, await added[1].ExitCodeAsync(TimeSpan.FromSeconds(60)));
            await OperatedCluster.UntilAsync("three are left", async () => (await cluster.RunAsync(["cluster", "show", "--json"])).Rows.Length == 3);
        }
    }

    private async Task CheckAsync(VerbRow row, bool isJson, Dictionary<string, NodeProcess> nodes)
    {
        var key = $"eu/{row.Verb.Replace(' ', '-')}-{Interlocked.Increment(ref s_runs)}";
        foreach (var call in row.Calls)
        {
            await cluster.CallAsync(key, call, call == "Rob" ? new { By = "Clyde" } : null);
        }

        foreach (var before in row.Before)
        {
            var done = await cluster.RunAsync(Words(before), OperatedCluster.Token);
            Assert.True(done.ExitCode == 0, $"{done}");
        }

        var running = cluster.RunAsync([.. Words($"{row.Verb} {row.Arguments}"), .. isJson ? new[] { "--json" } : []], OperatedCluster.Token, lines: row.Follows ? 1 : int.MaxValue);
        while (row.Meanwhile is { } meanwhile && !running.IsCompleted)
        {
            await cluster.RunAsync(Words(meanwhile), OperatedCluster.Token);
        }

        var run = await running;
        foreach (var after in row.After)
        {
            var done = await cluster.RunAsync(Words(after), OperatedCluster.Token);
            Assert.True(done.ExitCode == 0, $"{done}");
        }

        Assert.True(row.Follows || run.ExitCode == 0, $"{run}");
        if (!isJson)
        {
            Assert.True(Regex.IsMatch(run.Out, Filled(row.Text, Regex.Escape), RegexOptions.Multiline), $"{run}has no line {Filled(row.Text, Regex.Escape)}");
        }
        else if (row.Kind.Length == 0)
        {
            Assert.All(run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.True(JsonDocument.Parse(line).RootElement.GetProperty("type").GetString() is "row" or "line" or "progress", line));
        }
        else
        {
            Assert.True(run.Rows.Any(found => found.GetProperty("kind").GetString() == row.Kind && row.Fields.All(field => IsAsWanted(found.GetProperty("fields"), field))), $"{run}has no row {row.Kind} with {string.Join(", ", row.Fields)}");
        }

        string[] Words(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => Filled(word, value => value))];

        string Filled(string text, Func<string, string> escape)
        {
            text = text.Replace("KEY", escape(key), StringComparison.Ordinal);
            return nodes.Aggregate(text, (filled, node) => filled.Replace($"{{{node.Key}}}", node.Value.HostAndPort, StringComparison.Ordinal).Replace($"{{{node.Key}-node}}", escape(node.Value.Address), StringComparison.Ordinal));
        }

        bool IsAsWanted(JsonElement fields, (string Name, string Value) wanted)
        {
            if (!fields.TryGetProperty(wanted.Name, out var value))
            {
                return false;
            }

            var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
            return wanted.Value.StartsWith('^') ? Regex.IsMatch(text, Filled(wanted.Value, Regex.Escape)) : text == Filled(wanted.Value, value => value);
        }
    }
}
