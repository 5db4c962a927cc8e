using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Runtime;
using CsCheck;

namespace AkkaDurable.Tests.Placing;

public sealed class HomeRegionTests
{
    private static readonly string[] s_regions = ["eu-west", "us-east"];

    [Fact]
    public void The_region_is_in_the_shards_name()
    {
        var layout = Layout(static key => key.StartsWith("us-", StringComparison.Ordinal) ? "us-east" : "eu-west");

        Assert.Equal("us-east", layout.RegionOf("us-a"));
        Assert.Equal($"us-east~{new ShardLayout("t", 100).ShardOf("us-a")}", layout.ShardOf("us-a"));
        Assert.Equal($"eu-west~{new ShardLayout("t", 100).ShardOf("a")}", layout.ShardOf("a"));
    }

    [Fact]
    public void A_key_without_a_region_has_the_shard_it_would_have_without_regions()
    {
        var layout = Layout(static _ => null);

        Assert.Null(layout.RegionOf("a"));
        Assert.Equal(new ShardLayout("t", 100).ShardOf("a"), layout.ShardOf("a"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("EU")]
    [InlineData("eu~1")]
    [InlineData("eu/west")]
    [InlineData("a-name-that-is-longer-than-32-char")]
    public void What_is_no_region_is_refused_with_key_and_value(string region)
    {
        var error = Assert.Throws<UnknownRegionException>(() => Layout(_ => region).CheckRegionOf("order-7"));

        Assert.Equal("order-7", error.Key);
        Assert.Equal(region, error.Region);
        Assert.Contains("order-7", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_region_that_was_not_declared_is_refused()
    {
        var layout = new ShardLayout("t", 100, static key => key, s_regions);

        layout.CheckRegionOf("us-east");
        var error = Assert.Throws<UnknownRegionException>(() => layout.CheckRegionOf("us-west"));
        Assert.Contains("eu-west, us-east", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_that_throws_is_told_with_its_error()
    {
        var error = Assert.Throws<UnknownRegionException>(() => Layout(static _ => throw new FormatException("no dash")).CheckRegionOf("a"));

        Assert.Null(error.Region);
        Assert.IsType<FormatException>(error.InnerException);
        Assert.Contains("no dash", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_that_gives_a_new_region_for_each_key_is_refused()
    {
        var layout = Layout(static key => key);
        for (var i = 0; i < ShardLayout.MaxRegions; i++)
        {
            layout.CheckRegionOf($"r{i}");
        }

        Assert.Throws<UnknownRegionException>(() => layout.CheckRegionOf("one-more"));
        layout.CheckRegionOf("r0");
    }

    // A throw would restart the shard region, with all that waits there.
    [Fact]
    public void A_message_from_a_node_with_other_regions_does_not_harm_the_shard_region()
    {
        var extractor = new ServerShardExtractor(Layout(static _ => "NO"));

        Assert.Null(extractor.ShardId(new CastEnvelope("t", "a", new Reset())));
    }

    [Fact]
    public void Each_shard_of_each_region_has_a_slot_of_its_own() =>
        Gen.Select(Gen.Int[1, 50], Gen.Int[0, 5].Array[1, 60], Gen.String).Sample((count, regions, text) =>
        {
            var layout = new ShardLayout("t", count, static key => key[0] == '0' ? null : $"r{key[0]}");
            var slots = regions.Select((region, i) => $"{region}{text}{i}").Select(key => (Slot: layout.SlotOf(key), Shard: layout.ShardOf(key))).Distinct().ToList();
            return slots.DistinctBy(static entry => entry.Slot).Count() == slots.Count && slots.DistinctBy(static entry => entry.Shard).Count() == slots.Count
                && slots.All(entry => entry.Slot >= 0 && entry.Slot < count * 6);
        });

    private static ShardLayout Layout(Func<string, string?> homeRegion) => new("t", 100, homeRegion);
}
