using System.Text;
using System.Text.RegularExpressions;
using AkkaDurable.DashboardNode;
using AkkaDurable.Process.Tests.Regions;
using Xunit.Abstractions;

namespace AkkaDurable.Process.Tests.Dashboard;

/// <summary>The dashboard's stream with a hundred thousand servers on three nodes.</summary>
public sealed partial class LargeClusterTests(ITestOutputHelper output)
{
    private const int Servers = 100_000;
    private const int MostBytes = 64 * 1024;

    private static readonly TimeSpan s_within = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_hundred_thousand_servers_are_counted_within_a_second_and_not_named()
    {
        var folder = Directory.CreateTempSubdirectory("dashboard-");
        var ports = FreePorts.Take(6);
        var settings = new Dictionary<string, string> { [Node.FillVariable] = $"{Servers}" };
        string[] regions = ["eu", "eu", "us"];
        AdminNode[] nodes = [.. regions.Select((region, i) => new AdminNode(region, ports[i], ports[i + 3], load: 0, ports[..3], $"Data Source={Path.Combine(folder.FullName, "shop.db")}", Path.Combine(folder.FullName, $"node-{i + 1}.log"), settings))];
        try
        {
            foreach (var node in nodes)
            {
                node.Start();
            }

            await AdminCluster.UntilAsync("all servers have been started", async () => await StoredAsync(nodes[0]) >= Servers, lookEvery: 1_000, patience: TimeSpan.FromMinutes(5));

            // The first one has the node begin to watch; others are told what is known.
            var took = new List<TimeSpan>();
            for (var viewer = 0; viewer < 4; viewer++)
            {
                var (time, text) = await FirstPictureAsync(nodes[1]);
                took.Add(time);

                // But for those that the feed of events tells of, when the last ones have only just started.
                Assert.DoesNotContain("fill-", Event().Replace(text, ""), StringComparison.Ordinal);
                Assert.True(text.Length < MostBytes, $"Expected less than {MostBytes} characters, found {text.Length}.");
                output.WriteLine($"viewer {viewer + 1}: all sections after {time.TotalMilliseconds:0} ms, {text.Length} characters");
            }

            Assert.True(took.Skip(1).Min() <= s_within, $"Expected the whole picture within {s_within.TotalSeconds:0} s, found {took.Skip(1).Min().TotalSeconds:0.0} s.");
        }
        finally
        {
            await Task.WhenAll(nodes.Select(node => node.DisposeAsync().AsTask()));
            folder.Delete(recursive: true);
        }
    }

    private static async Task<long> StoredAsync(AdminNode node) =>
        (await node.RunAsync("servers/count", new { type = "visitor" }))?[0].GetProperty("all").GetInt64() ?? 0;

    private async Task<(TimeSpan Time, string Text)> FirstPictureAsync(AdminNode node)
    {
        using var http = new HttpClient();
        var began = TimeProvider.System.GetTimestamp();
        using var response = await http.GetAsync($"{node.Dashboard}live", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var text = new StringBuilder();
        HashSet<string> waiting = ["nodes", "shards/visitor", "stored/visitor", "calls", "trees", "groups", "feed"];
        var name = "";
        while (waiting.Count > 0 && await reader.ReadLineAsync() is { } line)
        {
            text.AppendLine(line);
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line["event: ".Length..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                var section = line.StartsWith("data: {\"type\":\"visitor\"", StringComparison.Ordinal) ? $"{name}/visitor" : name;
                if (waiting.Remove(section))
                {
                    output.WriteLine($"  {section} after {TimeProvider.System.GetElapsedTime(began).TotalMilliseconds:0} ms");
                }
            }
        }

        return (TimeProvider.System.GetElapsedTime(began), text.ToString());
    }

    [GeneratedRegex("""\"type\":\"visitor\",\"key\":\"fill-[0-9]+\",\"node\":""")]
    private static partial Regex Event();
}
