using AkkaDurable.Cli.Internal;
using AkkaDurable.Cli.Internal.Http;

namespace AkkaDurable.Cli.Tests;

public sealed class WordTests
{
    [Theory]
    [InlineData("localhost:5000", "http://localhost:5000/akka-durable/")]
    [InlineData("[::1]:5000", "http://[::1]:5000/akka-durable/")]
    [InlineData("10.0.0.7:5000", "https://10.0.0.7:5000/akka-durable/")]
    [InlineData("http://10.0.0.7:5000", "http://10.0.0.7:5000/akka-durable/")]
    [InlineData("https://shop.example/ops/durable", "https://shop.example/ops/durable/")]
    public void An_address_is_a_url_that_is_safe_by_default(string text, string url) => Assert.Equal(url, AdminAddress.Parse(text).Url.AbsoluteUri);

    [Theory]
    [InlineData("localhost:0")]
    [InlineData("localhost:70000")]
    [InlineData(":5000")]
    [InlineData("ftp://a:1")]
    [InlineData("http://user:secret@a:1")]
    [InlineData("http://a:1/?token=x")]
    [InlineData("a b:1")]
    [InlineData("unix:")]
    public async Task What_is_no_address_is_misuse(string text)
    {
        var run = await ToolRun.OfAsync([text, "cluster", "show"]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("is no address", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_not_sent_in_the_clear_to_another_machine()
    {
        var run = await ToolRun.OfAsync(["http://192.0.2.1:5000", "cluster", "show"], environment: ("AKKA_DURABLE_TOKEN", "correct-horse-battery"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("not sent there in the clear", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_there_is_a_failure()
    {
        var run = await ToolRun.OfAsync(["127.0.0.1:1", "cluster", "show"]);

        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.StartsWith("akka-durable: 127.0.0.1:1 does not answer: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_words_the_tool_explains_itself()
    {
        var nothing = await ToolRun.OfAsync([]);
        Assert.Equal((2, ""), (nothing.ExitCode, nothing.Out));
        Assert.Contains("Exit codes: 0 done", nothing.Error, StringComparison.Ordinal);
        var help = await ToolRun.OfAsync(["--help"]);
        Assert.Equal((0, ""), (help.ExitCode, help.Error));
        Assert.Equal(help.Out, nothing.Error);
        Assert.Matches(@"^\d+\.\d+\.\d+\n$", (await ToolRun.OfAsync(["--version"])).Out);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task There_is_a_completion_script_for_each_shell(string shell) => Assert.Contains("akka-durable complete", (await ToolRun.OfAsync(["completion", shell])).Out, StringComparison.Ordinal);

    [Fact]
    public async Task There_is_none_for_another() => Assert.Equal(2, (await ToolRun.OfAsync(["completion", "cmd"])).ExitCode);

    [Fact]
    public async Task A_word_that_is_not_utf8_is_misuse() => Assert.Equal(2, (await ToolRun.OfAsync(["127.0.0.1:1", "servers", "info", "-k", "a\ufffdb"])).ExitCode);

    [Theory]
    [InlineData("a b", "a|b")]
    [InlineData("  a   b ", "a|b")]
    [InlineData("a \"b c\" 'd e'", "a|b c|d e")]
    [InlineData("-b '{\"By\":2}'", "-b|{\"By\":2}")]
    [InlineData("a \"\" b", "a||b")]
    [InlineData("\"a\\\"b\"", "a\"b")]
    [InlineData("", "")]
    public void A_line_is_split_into_words(string line, string words) => Assert.Equal(words, string.Join('|', Text.Split(line)));

    [Fact]
    public void What_a_node_says_cannot_steer_the_terminal() => Assert.Equal("?[31mred?2J", Text.Plain("\u001b[31mred\u009b2J"));
}
