using System.Net;
using System.Text.RegularExpressions;
using AkkaDurable.Management.Tests.Http;

namespace AkkaDurable.Management.Tests.Dashboard;

/// <summary>The files of the dashboard's page.</summary>
public sealed partial class PageTests(OneNode one) : IClassFixture<OneNode>
{
    [Fact]
    public async Task The_page_is_served_with_a_policy_that_lets_nothing_in_but_its_own_files()
    {
        using var response = await one.Http.GetAsync("/akka-durable/");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("style-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.True(response.Headers.CacheControl!.NoCache);
    }

    [Theory]
    [InlineData("/akka-durable")]
    [InlineData("/read-only")]
    public async Task Without_its_last_slash_it_leads_to_the_page(string prefix)
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var http = new HttpClient(handler) { BaseAddress = one.Node.Url };
        using var response = await http.GetAsync(prefix);

        Assert.Equal((HttpStatusCode.PermanentRedirect, $"{prefix}/"), (response.StatusCode, response.Headers.Location?.OriginalString));
    }

    [Fact]
    public async Task What_the_browser_has_already_is_not_sent_again()
    {
        foreach (var path in new[] { "/akka-durable/", "/akka-durable/dashboard/main.js" })
        {
            using var first = await one.Http.GetAsync(path);
            var tag = first.Headers.ETag!;
            Assert.False(tag.IsWeak);
            foreach (var (condition, status) in new[] { (tag.ToString(), 304), ($"\"other\", {tag}", 304), ($"W/{tag}", 304), ("\"other\"", 200) })
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                request.Headers.TryAddWithoutValidation("If-None-Match", condition);
                using var again = await one.Http.SendAsync(request);
                Assert.Equal(status, (int)again.StatusCode);
                Assert.Equal(tag, again.Headers.ETag);
                Assert.Equal(status == 304, (await again.Content.ReadAsByteArrayAsync()).Length == 0);
            }
        }
    }

    [Fact]
    public async Task Every_file_that_the_page_asks_for_is_there_and_none_is_from_elsewhere()
    {
        var html = await one.Http.GetStringAsync("/akka-durable/");
        var waiting = new Queue<string>(Links().Matches(html).Select(link => link.Groups[1].Value).Where(link => !link.StartsWith('#')));
        var seen = new HashSet<string>();
        while (waiting.TryDequeue(out var path))
        {
            Assert.StartsWith("dashboard/", path, StringComparison.Ordinal);
            if (!seen.Add(path))
            {
                continue;
            }

            using var response = await one.Http.GetAsync($"/akka-durable/{path}");
            Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode}");
            Assert.Equal(Path.GetExtension(path) switch { ".js" => "text/javascript", ".css" => "text/css", _ => "image/svg+xml" }, response.Content.Headers.ContentType?.MediaType);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            foreach (var import in Imports().Matches(await response.Content.ReadAsStringAsync()).Select(match => match.Groups[1].Value))
            {
                Assert.StartsWith("./", import, StringComparison.Ordinal);
                waiting.Enqueue($"dashboard/{import[2..]}");
            }
        }

        Assert.Equal(Internal.Dashboard.PageFiles.Names.Where(name => name != "index.html").Select(name => $"dashboard/{name}").Order(), seen.Order());
    }

    [Fact]
    public void No_file_has_a_way_to_put_markup_or_code_into_the_page()
    {
        foreach (var name in Internal.Dashboard.PageFiles.Names)
        {
            var text = System.Text.Encoding.UTF8.GetString(Internal.Dashboard.PageFiles.Find(name)!.Bytes.Span);
            Assert.DoesNotMatch(@"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|javascript:|setHTMLUnsafe|createContextualFragment", text);
            Assert.DoesNotMatch("https?://(?!www\\.w3\\.org/)", text);
            if (name.EndsWith(".html", StringComparison.Ordinal))
            {
                Assert.DoesNotMatch(@"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", text);
            }
        }
    }

    [Theory]
    [InlineData("dashboard/none.js", 404)]
    [InlineData("dashboard/..%2Findex.html", 404)]
    [InlineData("?token=correct-horse-battery", 400)]
    public async Task What_is_not_there_and_a_token_in_the_address_are_refused(string path, int status)
    {
        using var response = await one.Http.GetAsync($"/akka-durable/{path}");

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("/akka-durable/", "Host", "evil.example", "wrong-host")]
    [InlineData("/akka-durable/dashboard/main.js", "Host", "evil.example", "wrong-host")]
    [InlineData("/akka-durable/", "X-Forwarded-For", "203.0.113.9", "not-local")]
    [InlineData("/remote/", "X-Forwarded-For", "203.0.113.9", "no-tls")]
    public async Task It_is_for_those_whom_the_api_answers(string path, string header, string value, string code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation(header, value);
        using var response = await one.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains($"urn:akka-durable:{code}", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [GeneratedRegex("(?:href|src)=\"([^\"]+)\"")]
    private static partial Regex Links();

    [GeneratedRegex("^import .* from \"([^\"]+)\"", RegexOptions.Multiline)]
    private static partial Regex Imports();
}
