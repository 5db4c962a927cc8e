using System.Text;
using AkkaDurable.Sql.Internal;

namespace AkkaDurable.Sql.Tests;

public sealed class KeyRangeTests
{
    [Theory]
    [InlineData("a", "b")]
    [InlineData("ab", "ac")]
    [InlineData("a%", "a&")]
    [InlineData("\u007f", "\u0080")]
    [InlineData("a\ud7ff", "a\ue000")]
    [InlineData("a\uffff", "a\U00010000")]
    [InlineData("a\U0010ffff", "b")]
    [InlineData("a\U0010ffff\U0010ffff", "b")]
    public void The_end_of_a_prefix_is_the_next_text_after_all_that_start_with_it(string prefix, string end) => Assert.Equal(end, KeyRange.After(prefix));

    [Theory]
    [InlineData("")]
    [InlineData("\U0010ffff\U0010ffff")]
    public void A_prefix_at_the_end_of_all_texts_has_no_end(string prefix) => Assert.Null(KeyRange.After(prefix));

    [Fact]
    public void A_text_lies_in_the_range_exactly_when_it_starts_with_the_prefix()
    {
        int[] runes = ['a', 'b', 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff];
        var texts = (from x in runes from y in runes from z in runes.Prepend(0) select Text(x, y, z)).ToArray();
        foreach (var prefix in (from x in runes from y in runes.Prepend(0) select Text(x, y)).Distinct())
        {
            var end = KeyRange.After(prefix);
            foreach (var text in texts)
            {
                var within = Compare(text, prefix) >= 0 && (end is null || Compare(text, end) < 0);
                Assert.True(within == text.StartsWith(prefix, StringComparison.Ordinal), $"{prefix} and {text}");
            }
        }
    }

    private static string Text(params int[] runes) => string.Concat(runes.Where(rune => rune != 0).Select(rune => new Rune(rune)));

    private static int Compare(string x, string y) => Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y));
}
