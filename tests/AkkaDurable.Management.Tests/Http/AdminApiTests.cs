using System.Net.Http.Headers;
using System.Text.Json;

namespace AkkaDurable.Management.Tests.Http;

public sealed class AdminApiTests(OneNode one) : IClassFixture<OneNode>
{
    [Fact]
    public async Task Looking_needs_no_token()
    {
        var (status, body) = await one.PostAsync("cluster/show");

        Assert.Equal(200, status);
        Assert.False(body.GetProperty("partial").GetBoolean());
        var row = Assert.Single(body.GetProperty("output").EnumerateArray());
        Assert.Equal(("row", "member"), (row.GetProperty("type").GetString(), row.GetProperty("kind").GetString()));
        Assert.Equal((one.Node.Address, true), (row.GetProperty("fields").GetProperty("node").GetString(), row.GetProperty("fields").GetProperty("reachable").GetBoolean()));
    }

    [Fact]
    public async Task The_commands_and_the_openapi_document_tell_of_every_verb()
    {
        var model = JsonDocument.Parse(await one.Http.GetStringAsync("/akka-durable/commands")).RootElement;
        var verbs = model.GetProperty("palettes").EnumerateArray().SelectMany(palette => palette.GetProperty("commands").EnumerateArray().Select(command => $"{palette.GetProperty("name")}/{command.GetProperty("name")}")).ToArray();
        Assert.True(model.GetProperty("allowsChanges").GetBoolean());
        Assert.Contains("servers/delete", verbs);

        var openApi = JsonDocument.Parse(await one.Http.GetStringAsync("/akka-durable/openapi.json")).RootElement;
        Assert.Equal(verbs.Select(verb => $"/akka-durable/commands/{verb}").Order(), openApi.GetProperty("paths").EnumerateObject().Select(path => path.Name).Where(path => path is not ("/akka-durable/commands" or "/akka-durable/live")).Order());
        Assert.False(JsonDocument.Parse(await one.Http.GetStringAsync("/read-only/commands")).RootElement.GetProperty("allowsChanges").GetBoolean());
    }

    [Fact]
    public async Task A_change_needs_the_token_and_is_audited()
    {
        await one.Node.Vaults["audited"].CallAsync(new Deposit());
        const string Body = """{"arguments":{"type":"vault","key":"audited"}}""";

        await Refused(401, "no-token", "servers/stop", Body);
        await Refused(401, "wrong-token", "servers/stop", Body, "wrong-horse-battery-x");
        Assert.True(await one.Node.Vaults["audited"].IsRunningAsync());
        var (status, body) = await one.PostAsync("servers/stop", Body, OneNode.Token);

        Assert.Equal((200, "Stopped"), (status, Field(body, "outcome")));

        // The line is written when the answer is on its way.
        await Eventually.TrueAsync(() => Task.FromResult(one.Audit.Lines.Any(line => line.Id == 7001 && line.Text.Contains("audited", StringComparison.Ordinal))), "the audit line is written");
        Assert.Equal("Admin command by token from 127.0.0.1: servers stop -t vault -k audited: done", Assert.Single(one.Audit.Lines, line => line.Id == 7001 && line.Text.Contains("audited", StringComparison.Ordinal)).Text);
        Assert.Contains(one.Audit.Lines, line => line.Id == 7002 && line.Text.Contains("servers stop -t vault -k audited", StringComparison.Ordinal));
        Assert.DoesNotContain(one.Audit.Lines, line => line.Text.Contains("horse", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_cannot_be_taken_back_needs_a_confirmation_too()
    {
        await one.Node.Vaults["doomed"].CallAsync(new Deposit());

        await Refused(401, "no-token", "servers/delete", """{"arguments":{"type":"vault","key":"doomed"},"confirm":true}""");
        await Refused(428, "not-confirmed", "servers/delete", """{"arguments":{"type":"vault","key":"doomed"}}""", OneNode.Token);
        await Refused(428, "not-confirmed", "servers/delete", """{"arguments":{"type":"vault","key":"doomed"},"confirm":false}""", OneNode.Token);
        Assert.NotNull(await one.Node.Vaults["doomed"].InfoAsync());
        var (status, body) = await one.PostAsync("servers/delete", """{"words":["-t","vault","doomed"],"confirm":true}""", OneNode.Token);
        Assert.Equal((200, "Deleted"), (status, Field(body, "outcome")));
    }

    [Fact]
    public async Task Without_a_token_configured_nothing_is_changed_or_revealed()
    {
        foreach (var path in new[] { "servers/stop", "servers/state" })
        {
            var (status, body) = await one.PostAsync(path, """{"arguments":{"type":"vault","key":"a"}}""", OneNode.Token, "/read-only");
            Assert.Equal((403, "urn:akka-durable:read-only"), (status, body.GetProperty("type").GetString()));
        }
    }

    [Fact]
    public async Task State_is_confidential()
    {
        await one.Node.Vaults["rich"].CallAsync(new Deposit(9));

        await Refused(401, "no-token", "servers/state", """{"arguments":{"type":"vault","key":"rich"}}""");
        var (_, body) = await one.PostAsync("servers/state", """{"arguments":{"type":"vault","key":"rich"}}""", OneNode.Token);
        Assert.Equal(9, body.GetProperty("output")[0].GetProperty("fields").GetProperty("state").GetProperty("Gold").GetInt32());
    }

    [Fact]
    public async Task A_call_by_json_leaves_no_json_in_the_audit()
    {
        var (_, body) = await one.PostAsync("servers/call", """{"arguments":{"type":"vault","key":"teller","message":"Deposit","body":{"Gold":4711}}}""", OneNode.Token);

        Assert.Equal(4711, body.GetProperty("output")[0].GetProperty("fields").GetProperty("reply").GetInt32());
        Assert.DoesNotContain(one.Audit.Lines, line => line.Text.Contains("4711", StringComparison.Ordinal));
        Assert.Contains(one.Audit.Lines, line => line.Text.Contains("-m Deposit -b (JSON)", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("servers/stop?token=correct-horse-battery", 400, "token-in-url")]
    [InlineData("servers/stop?access_token=x", 400, "token-in-url")]
    [InlineData("garden/stop", 404, "unknown-palette")]
    [InlineData("servers/dance", 404, "unknown-verb")]
    public async Task A_wrong_address_is_told(string path, int status, string code) => await Refused(status, code, path, "{}");

    [Theory]
    [InlineData("""{"arguments":{"typ":"vault"}}""", 400, "unknown-argument")]
    [InlineData("""{"arguments":{}}""", 400, "missing-argument")]
    [InlineData("""{"arguments":{"type":"vault","status":"Asleep"}}""", 400, "invalid-value")]
    [InlineData("""{"arguments":{"type":"safe"}}""", 404, "not-found")]
    [InlineData("""{"words":["-t","vault","-x"]}""", 400, "unknown-argument")]
    [InlineData("""{"words":["-t",1]}""", 400, "malformed")]
    [InlineData("""{"words":[],"arguments":{}}""", 400, "malformed")]
    [InlineData("""{"confirm":"yes"}""", 400, "malformed")]
    [InlineData("""{"arguments":""", 400, "malformed")]
    [InlineData("""[]""", 400, "malformed")]
    [InlineData("""{"words":["\ud800"]}""", 400, "malformed")]
    public async Task A_wrong_body_is_told(string body, int status, string code) => await Refused(status, code, "servers/list", body);

    [Fact]
    public async Task A_problem_names_the_argument_the_value_and_the_rule()
    {
        var (_, problem) = await one.PostAsync("servers/list", """{"arguments":{"type":"vault","most":0}}""");

        Assert.Equal(
            ("servers", "list", "most", "0", "is not allowed: it must be a whole number from 1 to 100000"),
            (Text("palette"), Text("verb"), Text("argument"), Text("value"), Text("rule")));

        string? Text(string name) => problem.GetProperty(name).GetString();
    }

    [Fact]
    public async Task A_large_body_is_refused_with_and_without_a_length()
    {
        var large = $$"""{"words":["{{new string('x', 10 << 20)}}"]}""";

        await Refused(413, "too-large", "servers/list", large);
        var (status, _) = await one.PostAsync("servers/list", large, change: request => request.Headers.TransferEncodingChunked = true);
        Assert.Equal(413, status);
    }

    [Fact]
    public async Task What_is_no_json_is_refused_by_its_type_and_by_its_bytes()
    {
        var (status, _) = await one.PostAsync("servers/list", "type=vault", change: request => request.Content!.Headers.ContentType = new MediaTypeHeaderValue("text/plain"));
        Assert.Equal(415, status);
        var (bytes, _) = await one.PostAsync("servers/list", "{}", change: request =>
        {
            request.Content = new ByteArrayContent([(byte)'{', (byte)'"', 0xff, 0xfe, (byte)'"', (byte)'}']);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        });
        Assert.Equal(400, bytes);
    }

    [Fact]
    public async Task A_command_is_posted_and_nothing_else()
    {
        Assert.Equal(405, (int)(await one.Http.GetAsync("/akka-durable/commands/cluster/show")).StatusCode);
        Assert.Equal(405, (int)(await one.Http.DeleteAsync("/akka-durable/commands/cluster/show")).StatusCode);
    }

    [Theory]
    [InlineData("Host", "evil.example", "wrong-host")]
    [InlineData("Origin", "http://evil.example", "wrong-host")]
    [InlineData("X-Forwarded-For", "203.0.113.9", "not-local")]
    [InlineData("Forwarded", "for=203.0.113.9", "not-local")]
    public async Task A_page_in_a_browser_and_a_proxy_are_not_this_machine(string header, string value, string code)
    {
        var (status, body) = await one.PostAsync("cluster/show", token: OneNode.Token, change: request => request.Headers.TryAddWithoutValidation(header, value));

        Assert.Equal((403, $"urn:akka-durable:{code}"), (status, body.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task Another_machine_needs_tls_even_where_it_may_ask()
    {
        var (status, body) = await one.PostAsync("cluster/show", token: OneNode.Token, prefix: "/remote", change: request => request.Headers.Add("X-Forwarded-For", "203.0.113.9"));

        Assert.Equal((403, "urn:akka-durable:no-tls"), (status, body.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task An_exception_of_a_handler_is_logged_and_not_shown()
    {
        var (status, body) = await one.PostAsync("probe/throw", token: OneNode.Token);

        Assert.Equal(500, status);
        Assert.DoesNotContain("secret", body.GetRawText(), StringComparison.Ordinal);
        Assert.Contains(one.Audit.Lines, line => line.Id == 7004);
        Assert.Contains(one.Audit.Lines, line => line is { Id: 7001, Text: "Admin command by token from 127.0.0.1: probe throw: InvalidTimeZoneException" });
    }

    [Fact]
    public async Task A_command_that_hangs_is_ended_and_says_so()
    {
        await Refused(504, "cut-off", "probe/hang", null, OneNode.Token);

        Assert.Contains(one.Audit.Lines, line => line is { Id: 7001, Text: "Admin command by token from 127.0.0.1: probe hang: its time was over" });
    }

    private static string? Field(JsonElement body, string name) => body.GetProperty("output")[0].GetProperty("fields").GetProperty(name).GetString();

    private async Task Refused(int status, string code, string path, string? body, string? token = null)
    {
        var (actual, problem) = await one.PostAsync(path, body, token);

        Assert.Equal((status, $"urn:akka-durable:{code}"), (actual, problem.GetProperty("type").GetString()));
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
    }
}
