using System.Net.Http.Headers;

namespace AkkaDurable.Management.Tests.Http;

public sealed class StreamTests(OneNode one) : IClassFixture<OneNode>
{
    [Fact]
    public async Task Output_comes_as_events_and_then_an_end()
    {
        var events = await AllAsync("cluster-sharding/list-types");

        Assert.Equal(["row", "row", "end"], events.Select(item => item.Name));
        Assert.Contains("\"type\":\"closed\"", events[0].Data, StringComparison.Ordinal);
        Assert.Equal("""{"partial":false,"reason":"done"}""", events[2].Data);
    }

    [Fact]
    public async Task An_error_on_the_way_is_an_event_and_one_at_once_a_status()
    {
        var late = await AllAsync("probe/late");
        Assert.Equal(["partial", "error"], late.Select(item => item.Name));
        Assert.Contains("the rest is away", late[1].Data, StringComparison.Ordinal);

        using var early = await OpenAsync("servers/list", """{"words":["-t","safe"]}""");
        Assert.Equal(404, (int)early.StatusCode);
    }

    [Fact]
    public async Task What_goes_on_is_only_for_those_who_take_events()
    {
        var (status, body) = await one.PostAsync("probe/follow");

        Assert.Equal((406, "urn:akka-durable:follows"), (status, body.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task Streams_are_limited_and_a_closed_one_makes_room()
    {
        using (var first = await OpenAsync("probe/follow"))
        using (var second = await OpenAsync("probe/follow"))
        {
            Assert.Equal("event: row", await FirstLineAsync(first));
            Assert.Equal("event: row", await FirstLineAsync(second));
            using var third = await OpenAsync("probe/follow");
            Assert.Equal(429, (int)third.StatusCode);
            Assert.NotNull(third.Headers.RetryAfter);
            Assert.Equal(200, (await one.PostAsync("cluster/show")).Status);
        }

        await Eventually.TrueAsync(
            async () =>
            {
                using var next = await OpenAsync("probe/follow");
                return (int)next.StatusCode == 200;
            },
            "a stream is free again");
    }

    private static async Task<string?> FirstLineAsync(HttpResponseMessage response) => await new StreamReader(await response.Content.ReadAsStreamAsync()).ReadLineAsync();

    private async Task<List<(string Name, string Data)>> AllAsync(string path)
    {
        using var response = await OpenAsync(path);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var text = await response.Content.ReadAsStringAsync();
        return [.. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(item => item.Split('\n')).Select(lines => (lines[0]["event: ".Length..], lines[1]["data: ".Length..]))];
    }

    private Task<HttpResponseMessage> OpenAsync(string path, string body = "{}")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/akka-durable/commands/{path}") { Content = new StringContent(body, new MediaTypeHeaderValue("application/json")) };
        request.Headers.Accept.ParseAdd("text/event-stream");
        return one.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
