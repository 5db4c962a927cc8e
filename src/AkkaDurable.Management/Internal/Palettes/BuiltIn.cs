namespace AkkaDurable.Management.Internal.Palettes;

/// <summary>The palettes that each node has.</summary>
internal static class BuiltIn
{
    public static IEnumerable<CommandPalette> Palettes() =>
        [ClusterPalette.Create(), ShardingPalette.Create(), ServersPalette.Create(), PlacementPalette.Create(), GroupsPalette.Create(), TreePalette.Create(), SystemPalette.Create(), LogPalette.Create()];
}
