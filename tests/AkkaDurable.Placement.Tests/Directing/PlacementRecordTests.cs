using System.Collections.Immutable;
using CsCheck;

namespace AkkaDurable.Placement.Tests.Directing;

public sealed class PlacementRecordTests
{
    private static readonly DateTimeOffset s_start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void It_keeps_five_places_and_never_forgets_where_home_was() =>
        Gen.Select(Gen.Int[0, 3], Gen.Bool).Array[0, 30].Sample(steps =>
        {
            var record = new PlacementRecord("1", "r0", 0, ImmutableArray<PlacementEntry>.Empty);
            var wasHome = false;
            var time = s_start;
            foreach (var (region, lost) in steps)
            {
                time += TimeSpan.FromSeconds(1);
                var version = record.Version;
                var placed = record.Placed(new PlacementEntry($"n{region}", new NodeLocation($"r{region}"), time, null, PlacementReason.Near));
                wasHome |= region == 0;
                Assert.Equal($"n{region}", placed.Newest!.Node);
                Assert.Null(placed.Newest.LostAt);
                Assert.True(ReferenceEquals(placed, record) || placed.Version > version);
                Assert.True(placed.Entries.Length <= PlacementRecord.MaxEntries);
                Assert.All(placed.Entries.Skip(1), entry => Assert.NotNull(entry.LostAt));
                Assert.Equal(wasHome, placed.Anchor!.Location.Region == "r0");
                record = lost ? placed.Lost(time) : placed;
                Assert.Equal(lost, record.Newest!.LostAt is not null);
            }
        });

    [Fact]
    public void The_first_time_it_was_lost_counts()
    {
        var record = new PlacementRecord("1", "eu", 0, ImmutableArray<PlacementEntry>.Empty).Placed(new PlacementEntry("n", new NodeLocation("eu"), s_start, null, PlacementReason.Near));
        Assert.Equal(s_start, record.Lost(s_start).Lost(s_start.AddHours(1)).Newest!.LostAt);
    }
}
