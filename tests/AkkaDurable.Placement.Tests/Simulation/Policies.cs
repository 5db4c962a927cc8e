namespace AkkaDurable.Placement.Tests.Simulation;

internal static class Policies
{
    private static readonly TimeSpan s_ten = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_twenty = TimeSpan.FromSeconds(20);

    private static readonly PlacementPolicy[] s_all =
    [
        PlacementPolicy.Anywhere,
        PlacementPolicy.StickTo(Locality.Machine, s_ten).ThenTo(Locality.Region, s_twenty).ThenAnywhere(),
        PlacementPolicy.StickTo(Locality.Machine, s_ten).ThenTo(Locality.Zone, s_ten).ThenTo(Locality.Region, s_twenty).ThenAnywhere(),
        PlacementPolicy.StickTo(Locality.Region, TimeSpan.FromMinutes(2)).ThenAnywhere(),
        PlacementPolicy.StickTo(Locality.Label("rack"), s_ten).ThenTo(Locality.Region, TimeSpan.Zero).ThenAnywhere(),
        PlacementPolicy.StickTo(Locality.Machine, s_ten).ThenTo(Locality.Region, Timeout.InfiniteTimeSpan),
        PlacementPolicy.StickTo(Locality.Region, s_ten),
        PlacementPolicy.StickTo(Locality.Zone, s_ten),
    ];

    public static PlacementPolicy Any(Random random) => s_all[random.Next(s_all.Length)];
}
