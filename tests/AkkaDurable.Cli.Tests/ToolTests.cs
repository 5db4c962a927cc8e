using System.Text.Json;
using AkkaDurable.Management.Tests;

namespace AkkaDurable.Cli.Tests;

public sealed class ToolTests(OneNode one) : IClassFixture<OneNode>
{
    [Fact]
    public async Task A_program_gets_a_line_for_each_row_and_a_person_a_table()
    {
        var lines = await one.RunAsync("servers list -t vault -p cli-");
        Assert.Equal((0, ""), (lines.ExitCode, lines.Error));
        Assert.StartsWith($"cli-1 | status: Running | node: {one.Node.Address} | region: eu", lines.Out, StringComparison.Ordinal);
        Assert.Equal(2, lines.Out.TrimEnd().Split('\n').Length);

        var table = await one.RunAsync("servers list -t vault -p cli- --no-color", isPerson: true);
        Assert.Contains("│ cli-1 │ Running │", table.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', table.Out);
        var single = await one.RunAsync("system info", isPerson: true);
        Assert.Matches("(?m)^system +bank$", single.Out);
        var tree = await one.RunAsync("tree show", isPerson: true);
        Assert.Contains("└── desks", tree.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_table_addresses_and_times_are_short_and_without_colors_there_is_no_escape_sequence()
    {
        var table = await one.RunAsync("servers list -t vault -p cli- --no-color", isPerson: true);

        Assert.Contains($"│ {one.Node.Cluster.SelfAddress.Host}:{one.Node.Cluster.SelfAddress.Port} │", table.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("akka.tcp://", table.Out, StringComparison.Ordinal);
        Assert.Matches(@"│ \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ +│", table.Out);
        Assert.DoesNotContain('\u001b', table.Out);
        Assert.DoesNotContain('\u001b', (await one.RunAsync("tree show --no-color", isPerson: true)).Out);
    }

    [Fact]
    public async Task Json_is_what_the_node_said_an_object_a_line()
    {
        var run = await one.RunAsync("servers list -t vault -p cli- --json");

        var rows = run.Out.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(["cli-1", "cli-2"], rows.Select(row => row.GetProperty("fields").GetProperty("key").GetString()));
        var refused = await one.RunAsync("servers list -t safe --json");
        Assert.Equal("urn:akka-durable:not-found", JsonDocument.Parse(refused.Error).RootElement.GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("servers list -t safe", 1, "this node knows no server type safe; there are closed, vault")]
    [InlineData("servers info -t vault nobody", 1, "there is no server vault/nobody: nothing is stored under this key")]
    [InlineData("servers stop -t vault cli-1", 1, "this needs the token, as Authorization: Bearer")]
    [InlineData("servers dance", 2, "servers: \"dance\" is no verb; there are")]
    [InlineData("garden show", 2, "\"garden\" is no palette; there are")]
    [InlineData("servers list", 2, "servers list -t: it must be given: The server type's name.")]
    [InlineData("servers list -t vault -status Asleep", 2, "servers list -status: \"Asleep\" is not allowed: it must be one of Running")]
    public async Task What_was_refused_and_what_was_not_understood_have_their_exit_codes(string command, int exitCode, string message)
    {
        var run = await one.RunAsync(command);

        Assert.Equal((exitCode, ""), (run.ExitCode, run.Out));
        Assert.StartsWith($"akka-durable: {message}", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_comes_from_the_environment_or_a_file_and_never_from_the_command_line()
    {
        Assert.Equal(3, Gold((await one.RunAsync("servers state -t vault cli-1 --json", withToken: true)).Out));
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, OneNode.Token + "\n");
            Assert.Equal(3, Gold((await one.RunAsync($"--token-file {file} servers state -t vault cli-1 --json")).Out));
        }
        finally
        {
            File.Delete(file);
        }

        var given = await one.RunAsync($"servers state -t vault cli-1 --token {OneNode.Token}");
        Assert.Equal(2, given.ExitCode);
        Assert.DoesNotContain(OneNode.Token, given.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await one.RunAsync("--token-file /nowhere/at-all system info")).ExitCode);
        var wrong = await ToolRun.OfAsync([one.Address, "system", "info"], environment: ("AKKA_DURABLE_TOKEN", "wrong-horse-battery"));
        Assert.Equal((1, "akka-durable: the token is not the right one\n"), (wrong.ExitCode, wrong.Error));

        static int Gold(string json) => JsonDocument.Parse(json).RootElement.GetProperty("fields").GetProperty("state").GetProperty("Gold").GetInt32();
    }

    [Fact]
    public async Task What_cannot_be_taken_back_is_asked_for_or_said_with_yes()
    {
        await one.Node.Vaults["doomed"].CallAsync(new Deposit());

        var script = await one.RunAsync("servers delete -t vault doomed", withToken: true);
        Assert.Equal((1, "akka-durable: servers delete cannot be taken back: add --yes if it is meant\n"), (script.ExitCode, script.Error));
        var no = await one.RunAsync("servers delete -t vault doomed", "n\n", isPerson: true, withToken: true);
        Assert.Equal(1, no.ExitCode);
        Assert.EndsWith("cannot be taken back. Go on? [y/N] akka-durable: nothing was done\n", no.Error, StringComparison.Ordinal);
        Assert.NotNull(await one.Node.Vaults["doomed"].InfoAsync());

        Assert.Equal(0, (await one.RunAsync("servers delete -t vault doomed", "y\n", isPerson: true, withToken: true)).ExitCode);
        Assert.Null(await one.Node.Vaults["doomed"].InfoAsync());
        Assert.Equal("doomed | type: vault | outcome: WasNotThere\n", (await one.RunAsync("servers delete -t vault doomed --yes", withToken: true)).Out);
    }

    [Fact]
    public async Task Help_comes_from_the_node_with_examples()
    {
        Assert.Contains("placement", (await one.RunAsync("help")).Out, StringComparison.Ordinal);
        Assert.Contains("down-unreachable", (await one.RunAsync("cluster --help")).Out, StringComparison.Ordinal);
        var verb = await one.RunAsync("help servers list");
        Assert.Equal(0, verb.ExitCode);
        Assert.Contains("servers list -t TYPE [-p PREFIX]", verb.Out, StringComparison.Ordinal);
        Assert.Contains("Default: 100.", verb.Out, StringComparison.Ordinal);
        Assert.Contains("  servers list -t counter -after user-0099 -most 1000\n", verb.Out, StringComparison.Ordinal);
        Assert.Contains("Cannot be taken back", (await one.RunAsync("help servers delete")).Out, StringComparison.Ordinal);
        Assert.Equal(2, (await one.RunAsync("help garden")).ExitCode);
        Assert.Contains("Verbs:", (await one.RunAsync("cluster")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_of_commands_ends_with_the_first_that_fails()
    {
        var good = await one.RunAsync("", "servers list -t vault -p \"cli-1\"\n\nlog level\nexit\ngarden show\n");
        Assert.Equal((0, ""), (good.ExitCode, good.Error));
        Assert.StartsWith("cli-1 |", good.Out, StringComparison.Ordinal);
        var bad = await one.RunAsync("", "garden show\nlog level\n");
        Assert.Equal((2, ""), (bad.ExitCode, bad.Out));
    }

    [Fact]
    public async Task Completion_asks_the_node()
    {
        Assert.Equal("servers\n", (await ToolRun.OfAsync(["complete", one.Address, "ser"])).Out);
        Assert.Equal("region-stats\nregions\n", (await ToolRun.OfAsync(["complete", one.Address, "cluster-sharding", "reg"])).Out);
        Assert.Contains("PermanentlyCrashed\n", (await ToolRun.OfAsync(["complete", one.Address, "servers", "list", "-status", ""])).Out, StringComparison.Ordinal);
        Assert.Equal((0, "", ""), await ToolRun.OfAsync(["complete", "127.0.0.1:1", "ser"]) is var none ? (none.ExitCode, none.Out, none.Error) : default);
    }
}
