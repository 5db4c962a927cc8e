namespace AkkaDurable.Placement.Tests;

public sealed class PlacementPolicyTests
{
    private static readonly TimeSpan s_ten = TimeSpan.FromSeconds(10);

    [Fact]
    public void It_reads_as_it_is_written()
    {
        var policy = PlacementPolicy.StickTo(Locality.Machine, s_ten).ThenTo(Locality.Label("rack"), TimeSpan.Zero).ThenTo(Locality.Region, TimeSpan.FromSeconds(0.5));
        Assert.Equal("machine for 10 s, then label rack for 0 s, then region only", policy.ToString());
        Assert.Equal("machine for 10 s, then label rack for 0 s, then region for 0.5 s, then anywhere", policy.ThenAnywhere().ToString());
        Assert.Equal("anywhere", PlacementPolicy.Anywhere.ToString());
        Assert.False(policy.EndsAnywhere);
        Assert.Equal(TimeSpan.FromSeconds(10.5), policy.OpensAfter(3));
    }

    [Fact]
    public void Equal_levels_make_equal_policies()
    {
        var one = PlacementPolicy.StickTo(Locality.Label("rack"), s_ten).ThenAnywhere();
        var same = PlacementPolicy.StickTo(Locality.Label("rack"), s_ten).ThenAnywhere();
        Assert.Equal(one, same);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(one, PlacementPolicy.StickTo(Locality.Label("rack"), s_ten));
        Assert.NotEqual(one, PlacementPolicy.StickTo(Locality.Label("row"), s_ten).ThenAnywhere());
    }

    [Fact]
    public void What_could_never_open_or_makes_no_sense_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PlacementPolicy.StickTo(Locality.Machine, TimeSpan.FromSeconds(-2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => PlacementPolicy.StickTo(Locality.Machine, TimeSpan.FromDays(400)));
        Assert.Throws<ArgumentException>(() => PlacementPolicy.StickTo(Locality.Machine, s_ten).ThenTo(Locality.Machine, s_ten));
        Assert.Throws<InvalidOperationException>(() => PlacementPolicy.StickTo(Locality.Machine, Timeout.InfiniteTimeSpan).ThenAnywhere());
        Assert.Throws<InvalidOperationException>(() => PlacementPolicy.Anywhere.ThenTo(Locality.Machine, s_ten));
        Assert.Throws<ArgumentException>(() => Locality.Label("a b"));
    }

    [Fact]
    public void Limits_and_options_out_of_range_are_refused_by_name()
    {
        Assert.Contains("MaxCpuPercent", Assert.Throws<ArgumentOutOfRangeException>(() => new CapacityLimits { MaxCpuPercent = 101 }).Message, StringComparison.Ordinal);
        Assert.Contains("MaxServers", Assert.Throws<ArgumentOutOfRangeException>(() => new CapacityLimits { MaxServers = -1 }).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new CapacityLimits { MaxServersByType = new Dictionary<string, int> { ["a"] = -1 } });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DurableShardAllocationStrategy("t", new PlacementOptions { MaxMovesAtOnce = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DurableShardAllocationStrategy("t", new PlacementOptions { ArrivalTime = TimeSpan.FromSeconds(-1) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DurableShardAllocationStrategy("t", new PlacementOptions { ArrivalTime = TimeSpan.FromSeconds(61) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DurableShardAllocationStrategy("t", new PlacementOptions { StabilisationTime = TimeSpan.FromDays(2) }));
        Assert.Equal(
            new CapacityLimits { MaxServersByType = new Dictionary<string, int> { ["a"] = 1 } }, new CapacityLimits { MaxServersByType = new Dictionary<string, int> { ["a"] = 1 } });
    }
}
