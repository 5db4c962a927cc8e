using CsCheck;

namespace AkkaDurable.Placement.Tests;

public sealed class ShardNameTests
{
    [Theory]
    [InlineData("eu-west~7", "eu-west", 7)]
    [InlineData("7", null, 7)]
    [InlineData("0", null, 0)]
    public void A_name_is_read_and_written(string id, string? region, int number)
    {
        Assert.True(ShardName.TryParse(id, out var name));
        Assert.Equal((region, number, id), (name.HomeRegion, name.Number, name.ToString()));
        Assert.Equal(region, ShardName.HomeRegionOf(id));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("eu~")]
    [InlineData("~7")]
    [InlineData("eu~07")]
    [InlineData("eu~-7")]
    [InlineData("EU~7")]
    [InlineData("eu~7~8")]
    [InlineData("eu~ 7")]
    [InlineData("x")]
    [InlineData("99999999999")]
    [InlineData("eu~7\0")]
    [InlineData("7\0\0")]
    public void Anything_else_is_not_a_name(string? id) => Assert.False(ShardName.TryParse(id, out _));

    // Plain Akka.NET teams have ids of their own.
    [Theory]
    [InlineData("eu~orders", "eu")]
    [InlineData("orders", null)]
    [InlineData("Orders~1", null)]
    public void The_home_region_is_found_in_any_id(string id, string? region) => Assert.Equal(region, ShardName.HomeRegionOf(id));

    [Fact]
    public void What_is_read_is_what_was_written() =>
        Gen.Char["abz09-~E \0"].Array[0, 12].Select(chars => new string(chars)).Sample(id => !ShardName.TryParse(id, out var name) || name.ToString() == id);

    [Fact]
    public void A_bad_region_or_number_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new ShardName("EU", 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShardName("eu", -1));
    }
}
