using AkkaDurable.TestKit;

namespace AkkaDurable.Tests.Calls;

public sealed class KeyTests
{
    public static TheoryData<string?, string> BadKeys => new()
    {
        { null, "it is null" },
        { "", "it is empty" },
        { " ", "it is only white space" },
        { "\u00a0\u2003", "it is only white space" },
        { "a\0b", "control character U+0000 at position 1" },
        { "a\nb", "control character U+000A at position 1" },
        { "\u0085x", "control character U+0085 at position 0" },
        { new string('a', 513), "it is 513 bytes long" },
        { new string('é', 257), "it is 514 bytes long" },
    };

    [Theory]
    [MemberData(nameof(BadKeys))]
    public void A_bad_key_is_refused_with_the_rule_it_breaks(string? key, string rule)
    {
        var error = Assert.Throws<InvalidKeyException>(() => ServerProbe.For(new Counter(), key!));
        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
        Assert.Contains("1 to 512 bytes of UTF-8", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    // Not as theory data: the test runner itself turns a lone surrogate into U+FFFD, which is the very accident that the rule prevents.
    [Fact]
    public void A_lone_surrogate_is_refused_since_two_of_them_would_become_one_key()
    {
        foreach (var (key, rule) in new[] { ("x\ud800", "U+D800 at position 1"), ("\udc00x", "U+DC00 at position 0"), ("\ud800\ud800", "U+D800 at position 0") })
        {
            A_bad_key_is_refused_with_the_rule_it_breaks(key, "lone surrogate " + rule);
        }
    }

    public static TheoryData<string> OddKeys => ["a", "/ # %2F ../x '; drop table", "🧮 abacus", " leading", "trailing ", "CASE", "case", "é", "e\u0301", new('a', 512), new('é', 256), "$", "__x"];

    [Theory]
    [MemberData(nameof(OddKeys))]
    public async Task An_odd_key_is_a_key(string key)
    {
        await using var counter = ServerProbe.For(() => new Counter(), key);
        await counter.CallAsync(new Increment());
        await counter.RestartAsync();
        Assert.Equal(1, await counter.CallAsync(new GetCount()));
        Assert.Equal(key, (await counter.ReadStoredAsync())!.Id.Key);
    }
}
