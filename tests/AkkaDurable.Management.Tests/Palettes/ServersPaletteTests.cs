using System.Text.Json;

namespace AkkaDurable.Management.Tests.Palettes;

public sealed class ServersPaletteTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    [Fact]
    public async Task A_server_is_seen_from_either_node()
    {
        await nodes.Eu.Vaults["us-seen"].CallAsync(new Deposit(7));

        foreach (var node in new[] { nodes.Eu, nodes.Us })
        {
            var info = await node.RowAsync("servers info -t vault us-seen");
            Assert.Equal((true, ServerStatus.Running, nodes.Us.Address, "us", "us"), (info["running"], info["status"], info["node"], info["region"], info["home"]));
            var listed = await node.RowAsync("servers list -t vault -p us-seen");
            Assert.Equal(("us-seen", ServerStatus.Running, nodes.Us.Address), (listed["key"], listed["status"], listed["node"]));
            var state = Assert.IsType<JsonElement>((await node.RowAsync("servers state -t vault us-seen"))["state"]);
            Assert.Equal(7, state.GetProperty("Gold").GetInt32());
        }
    }

    [Fact]
    public async Task Lists_go_on_where_they_ended()
    {
        foreach (var key in new[] { "list-1", "list-2", "list-3" })
        {
            await nodes.Eu.Vaults[key].CallAsync(new Deposit());
        }

        var first = await nodes.Us.RunAsync("servers list -t vault -p list- -most 2");
        Assert.Equal(["list-1", "list-2"], first.OfType<CommandOutput.Row>().Select(row => row["key"]));
        Assert.Equal("there may be more: add -after list-2", Assert.Single(first.OfType<CommandOutput.Line>()).Text);
        Assert.Equal(["list-3"], (await nodes.Us.RowsAsync("servers list -t vault -p list- -most 2 -after list-2")).Select(row => row["key"]));
        Assert.Equal(3L, (await nodes.Us.RowAsync("servers count -t vault -p list- -r eu"))["Running"]);
    }

    [Fact]
    public async Task A_server_is_stopped_cordoned_started_and_deleted_from_the_other_node()
    {
        await nodes.Eu.Vaults["life"].CallAsync(new Deposit());

        Assert.Equal("Stopped", await Outcome("servers stop -t vault life"));
        Assert.Equal("WasNotRunning", await Outcome("servers stop -t vault life"));
        Assert.Equal("Cordoned", await Outcome("servers cordon -t vault life"));
        var refused = await nodes.Us.RefusalAsync("servers start -t vault life");
        Assert.Equal(CommandErrorKind.Refused, refused.Kind);
        Assert.Equal(ServerStatus.Cordoned, (await nodes.Us.RowAsync("servers info -t vault life"))["status"]);
        Assert.Equal("Uncordoned", await Outcome("servers uncordon -t vault life"));
        Assert.Equal("StoppedPermanently", await Outcome("servers stop-permanently -t vault life"));
        Assert.Equal("Resumed", await Outcome("servers start -t vault life"));
        Assert.Equal("Deleted", await Outcome("servers delete -t vault life"));
        Assert.Equal(CommandErrorKind.NotFound, (await nodes.Us.RefusalAsync("servers info -t vault life")).Kind);
    }

    [Fact]
    public async Task A_call_by_json_runs_like_any_other()
    {
        Assert.Equal(5, Reply(await nodes.Us.RowAsync("""servers call -t vault json -m Deposit -b {"Gold":5}""")));
        Assert.Equal(6, Reply(await nodes.Eu.RowAsync("servers call -t vault json -m AkkaDurable.Management.Tests.Deposit")));
        Assert.Null((await nodes.Us.RowAsync("servers call -t vault json -m Empty"))["reply"]);
        Assert.Equal(0, await nodes.Us.Vaults["json"].CallAsync(new GetGold()));
        Assert.Equal("there is no message type \"Steal\" on this node.", (await nodes.Us.RefusalAsync("servers call -t vault json -m Steal")).Message, ignoreCase: true);
        var malformed = await nodes.Us.RefusalAsync("""servers call -t vault json -m Deposit -b {"Gold":"much"}""");
        Assert.Equal(CommandErrorKind.InvalidValue, malformed.Kind);
        Assert.StartsWith("The body is no AkkaDurable.Management.Tests.Deposit", malformed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_type_that_has_not_opted_in_takes_no_json()
    {
        var refused = await nodes.Us.RefusalAsync("servers call -t closed a -m GetGold");

        Assert.Equal(CommandErrorKind.Refused, refused.Kind);
        Assert.Contains("AllowJsonCalls", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => DurableServers.Get(nodes.Eu.System).Find("closed")!.CallJsonAsync("a", "GetGold", default));
    }

    [Fact]
    public async Task A_server_that_crashed_for_good_is_found_with_its_reasons()
    {
        for (var i = 0; i < 2; i++)
        {
            await Assert.ThrowsAnyAsync<DurableServerException>(async () => await nodes.Eu.Vaults["robbed"].CallAsync(new Rob("Bonnie")));
        }

        await Eventually.TrueAsync(async () => (await nodes.Us.RowsAsync("servers list -t vault -status PermanentlyCrashed -p robbed")).Length == 1, "the crash is stored");
        var all = Assert.Single(await nodes.Us.RowsAsync("servers crashes -t vault"), row => Equals(row["key"], "robbed"));
        Assert.Contains("robbed by Bonnie", (string)all["reason"]!, StringComparison.Ordinal);
        Assert.Equal(2, (await nodes.Us.RowsAsync("servers crashes -t vault robbed")).Length);
    }

    [Fact]
    public async Task What_does_not_exist_and_what_is_no_key_is_told()
    {
        var type = await nodes.Us.RefusalAsync("servers list -t safe");
        Assert.Equal(CommandErrorKind.NotFound, type.Kind);
        Assert.Equal("this node knows no server type safe; there are closed, vault", type.Message);
        Assert.Equal(CommandErrorKind.NotFound, (await nodes.Us.RefusalAsync("servers state -t vault nobody")).Kind);
        Assert.Equal(CommandErrorKind.InvalidValue, (await nodes.Us.RefusalAsync("servers info -t vault " + new string('x', 600))).Kind);
    }

    private static int Reply(CommandOutput.Row row) => Assert.IsType<JsonElement>(row["reply"]).GetInt32();

    private async Task<object?> Outcome(string command) => (await nodes.Us.RowAsync(command))["outcome"];
}
