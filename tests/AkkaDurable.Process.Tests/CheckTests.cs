using ChangeStats;
using ChangeStats.Demo;

namespace AkkaDurable.Process.Tests;

/// <summary>The check at the end of the demo finds what is wrong.</summary>
public sealed class CheckTests
{
    private static readonly Dictionary<string, StatsState> s_expected = new()
    {
        ["a"] = new StatsState(Changes: 3, Added: 6, Removed: 2),
        ["b"] = new StatsState(Changes: 5, Added: 5, Removed: 5),
    };

    [Fact]
    public void Equal_numbers_pass() => Assert.True(Check.Compare(s_expected, s_expected).Passed);

    [Theory]
    [InlineData(1, 5, 2, 0)]
    [InlineData(3, 9, 0, 4)]
    [InlineData(2, 6, 1, 1)]
    [InlineData(0, 5, 3, 0)]
    public void Lost_and_doubled_changes_are_counted_each(long a, long b, long lost, long doubled)
    {
        var check = Check.Compare(s_expected, Found(s_expected["a"] with { Changes = a }, s_expected["b"] with { Changes = b }));

        Assert.Equal((lost, doubled, false), (check.Lost, check.Doubled, check.Passed));
    }

    [Fact]
    public void Wrong_lines_fail_though_the_number_of_changes_is_right()
    {
        var check = Check.Compare(s_expected, Found(s_expected["a"], s_expected["b"] with { Removed = 4 }));

        Assert.False(check.Passed);
        Assert.StartsWith("b: expected", Assert.Single(check.Differences), StringComparison.Ordinal);
    }

    private static Dictionary<string, StatsState> Found(StatsState a, StatsState b) => new() { ["a"] = a, ["b"] = b };
}
