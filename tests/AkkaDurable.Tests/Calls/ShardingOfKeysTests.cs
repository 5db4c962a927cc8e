using AkkaDurable.Internal.Runtime;
using CsCheck;

namespace AkkaDurable.Tests.Calls;

public sealed class ShardingOfKeysTests
{
    // These pairs are part of the layout of stored data: a changed hash would move every key to another shard in the midst of a rolling update.
    [Theory]
    [InlineData("a", "38")]
    [InlineData("clicks", "53")]
    [InlineData("/ # %2F ../x '; drop table", "55")]
    [InlineData("🧮", "49")]
    public void A_key_keeps_its_shard_for_ever(string key, string shard) => Assert.Equal(shard, new ShardLayout("t", 100).ShardOf(key));

    [Fact]
    public void Every_key_has_a_shard_within_the_count() =>
        Gen.Select(Gen.String, Gen.Int[1, 10_000]).Sample((key, count) => int.Parse(new ShardLayout("t", count).ShardOf(key), System.Globalization.CultureInfo.InvariantCulture) is var shard && shard >= 0 && shard < count);

    // As Akka's shard names its actors.
    [Fact]
    public void Every_key_is_told_by_the_name_of_its_actor()
    {
        for (var value = 0; value <= 0x10FFFF; value++)
        {
            if (System.Text.Rune.IsValid(value))
            {
                var key = $"{new System.Text.Rune(value)}%2F{new System.Text.Rune(value)}";
                Assert.Equal(key, ServerActor.KeyOf(Uri.EscapeDataString(key)));
            }
        }
    }

    [Theory]
    [InlineData("user-{0}")]
    [InlineData("{0}")]
    [InlineData("tenant/42/order/{0}/line")]
    public void Keys_that_count_up_spread_evenly(string pattern)
    {
        var extractor = new ShardLayout("t", 100);
        var perShard = Enumerable.Range(0, 100_000).CountBy(i => extractor.ShardOf(string.Format(System.Globalization.CultureInfo.InvariantCulture, pattern, i))).Select(pair => pair.Value).ToList();
        Assert.Equal(100, perShard.Count);
        Assert.InRange(perShard.Min(), 800, 1000);
        Assert.InRange(perShard.Max(), 1000, 1200);
    }
}
