using System.Collections.Immutable;

namespace AkkaDurable.Placement;

/// <summary>What is remembered about the places of one shard. Independent of the policy, so a changed policy applies to records written under the old one.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="HomeRegion">Where its servers belong: what its name says, else the region of its first place. It never changes.</param>
/// <param name="Version">Grows with each change; of two records of a shard the one with the greater version holds.</param>
/// <param name="Entries">Its places, the newest first, at most <see cref="MaxEntries"/>. The newest place in its home region is always among them.</param>
public sealed record PlacementRecord(string Shard, string HomeRegion, long Version, ImmutableArray<PlacementEntry> Entries)
{
    /// <summary>How many places are remembered.</summary>
    /// <value>5</value>
    public const int MaxEntries = 5;

    /// <summary>The place that the levels of the policy are measured from: the newest one in the home region, else the newest one.</summary>
    public PlacementEntry? Anchor
    {
        get
        {
            foreach (var entry in Entries)
            {
                if (entry.Location.Region == HomeRegion)
                {
                    return entry;
                }
            }

            return Entries.IsDefaultOrEmpty ? null : Entries[0];
        }
    }

    /// <summary>The newest place.</summary>
    public PlacementEntry? Newest => Entries.IsDefaultOrEmpty ? null : Entries[0];

    internal PlacementRecord Placed(PlacementEntry entry)
    {
        if (Newest is { } newest && newest.Node == entry.Node && newest.Location.Equals(entry.Location))
        {
            // The same place again is no news; what it was lost in between is over.
            return newest.LostAt is null && newest.Reason == entry.Reason ? this : this with { Version = Version + 1, Entries = Entries.SetItem(0, newest with { LostAt = null, Reason = entry.Reason }) };
        }

        var entries = Lost(entry.Since).Entries.Insert(0, entry);
        if (entries.Length > MaxEntries)
        {
            // The oldest goes, unless it is the only one that says where home was.
            var last = entries.Length - 1;
            var onlyHome = entries[last].Location.Region == HomeRegion && !entries.Take(last).Any(other => other.Location.Region == HomeRegion);
            entries = entries.RemoveAt(onlyHome ? last - 1 : last);
        }

        return this with { Version = Version + 1, Entries = entries };
    }

    internal PlacementRecord Lost(DateTimeOffset at) =>
        Entries.IsDefaultOrEmpty || Entries[0].LostAt is not null
            ? this
            : this with { Version = Version + 1, Entries = Entries.SetItem(0, Entries[0] with { LostAt = at }) };
}
