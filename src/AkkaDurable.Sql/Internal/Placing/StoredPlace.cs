using AkkaDurable.Placement;

namespace AkkaDurable.Sql.Internal.Placing;

/// <summary>A place of a shard as JSON. Names and meanings never change; new ones may come.</summary>
internal sealed record StoredPlace(
    string Node, string Region, string? Zone, string? Machine, Dictionary<string, string>? Labels, DateTimeOffset Since, DateTimeOffset? LostAt, int Reason)
{
    public static StoredPlace Of(PlacementEntry entry) => new(
        entry.Node,
        entry.Location.Region,
        entry.Location.Zone,
        entry.Location.Machine,
        entry.Location.Labels.Count == 0 ? null : new(entry.Location.Labels),
        entry.Since,
        entry.LostAt,
        (int)entry.Reason);

    /// <exception cref="ArgumentException">It is no place.</exception>
    public PlacementEntry ToEntry() => new(
        Node ?? throw new ArgumentException("A place has a node."), new NodeLocation(Region, Zone, Machine, Labels), Since, LostAt, (PlacementReason)Reason);
}
