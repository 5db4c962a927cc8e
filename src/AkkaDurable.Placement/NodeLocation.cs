using System.Collections.Immutable;
using AkkaDurable.Placement.Internal.Locations;

namespace AkkaDurable.Placement;

/// <summary>Where a node is. Published to the cluster as roles of its member, see <see cref="MergeRoles"/>. Immutable and safe for concurrent use.</summary>
/// <param name="Region">The region, such as <c>eu-west</c>: 1 to 32 lower-case letters, digits and '-', beginning and ending with a letter or digit.</param>
/// <param name="Zone">The zone within the region, such as <c>eu-west-1a</c>: 1 to 64 ASCII letters, digits, '-', '_', '.'. Default: none; a node without a zone matches no zone.</param>
/// <param name="Machine">The machine, in the same characters. Default: none; a node without a machine matches no machine. Two processes on one machine have the same.</param>
/// <param name="Labels">Further labels of the node, by name: names are 1 to 64 ASCII letters, digits, '-', '_'; values are like a zone. Default: none.</param>
/// <exception cref="ArgumentException">A part breaks its rule. The message says which one and how.</exception>
public sealed record NodeLocation(string Region, string? Zone = null, string? Machine = null, IReadOnlyDictionary<string, string>? Labels = null)
{
    /// <summary>The region of nodes that say none.</summary>
    /// <value><c>default</c></value>
    public const string DefaultRegion = "default";

    /// <summary>The region.</summary>
    public string Region { get; } = LocationRule.CheckRegion(Region, nameof(Region));

    /// <summary>The zone within the region, or null.</summary>
    public string? Zone { get; } = LocationRule.CheckPart(Zone, nameof(Zone));

    /// <summary>The machine, or null.</summary>
    public string? Machine { get; } = LocationRule.CheckPart(Machine, nameof(Machine));

    /// <summary>Further labels, by name. Never null.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; } = LocationRule.CheckLabels(Labels, nameof(Labels));

    /// <summary>
    /// Reads the location of this process from its environment. Region: <c>AKKA_DURABLE_REGION</c>, <c>FLY_REGION</c>, <c>AWS_REGION</c>, <c>REGION_NAME</c> (Azure), <c>GOOGLE_CLOUD_REGION</c>,
    /// <c>CLOUD_REGION</c>, else <see cref="DefaultRegion"/>. Zone: <c>AKKA_DURABLE_ZONE</c>, <c>AWS_AVAILABILITY_ZONE</c>, <c>GOOGLE_CLOUD_ZONE</c>, <c>CLOUD_ZONE</c>, else none. Machine:
    /// <c>AKKA_DURABLE_MACHINE</c>, <c>FLY_MACHINE_ID</c>, <c>NODE_NAME</c> (Kubernetes, from the downward API), else the machine's name. Labels: each <c>AKKA_DURABLE_LABEL_name=value</c>; the name becomes lower-case.
    /// </summary>
    /// <returns>The location. Names given by a cloud are made to fit (lower case, other characters become '-').</returns>
    /// <exception cref="ArgumentException">One of the <c>AKKA_DURABLE_…</c> variables has a value that breaks its rule; those are taken as they are.</exception>
    public static NodeLocation FromEnvironment() =>
        EnvironmentLocation.Read(EnvironmentLocation.OfThisProcess(), Environment.MachineName);

    /// <summary>Reads a location back from the roles of a cluster member.</summary>
    /// <param name="roles">The member's roles. Roles that are not about the location, or are malformed, are passed over.</param>
    /// <returns>The location; region <see cref="DefaultRegion"/> if the roles name none.</returns>
    public static NodeLocation FromRoles(IEnumerable<string> roles)
    {
        ArgumentNullException.ThrowIfNull(roles);
        return LocationRoles.Parse(roles);
    }

    /// <summary>The roles that publish this location (<c>dc-REGION</c>, <c>dc.zone.ZONE</c>, <c>dc.machine.MACHINE</c>, <c>dc.label.NAME.VALUE</c>), merged with the user's own.</summary>
    /// <param name="userRoles">The roles that the member has anyway. Default: none. Those that publish another location are replaced.</param>
    /// <returns>All roles, to be set as <c>akka.cluster.roles</c>: a list in HOCON replaces, so the user's roles must be part of it.</returns>
    public ImmutableArray<string> MergeRoles(IEnumerable<string>? userRoles = null) => LocationRoles.Merge(this, userRoles ?? []);

    /// <summary>Whether a text may be the name of a region: 1 to 32 lower-case letters, digits and '-', beginning and ending with a letter or digit.</summary>
    /// <param name="region">The text.</param>
    /// <returns>True if it may.</returns>
    public static bool IsRegionName(string? region) => LocationRule.RegionViolation(region) is null;

    /// <summary>Whether two locations have the same parts and labels.</summary>
    /// <param name="other">The other one.</param>
    /// <returns>True if they are equal.</returns>
    public bool Equals(NodeLocation? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Region == other.Region && Zone == other.Zone && Machine == other.Machine && Labels.Count == other.Labels.Count
            && Labels.All(label => other.Labels.TryGetValue(label.Key, out var value) && value == label.Value));

    /// <summary>A hash code that fits <see cref="Equals(NodeLocation?)"/>.</summary>
    /// <returns>The hash code.</returns>
    public override int GetHashCode() => HashCode.Combine(Region, Zone, Machine, Labels.Count);

    /// <summary>The location in one line, for people.</summary>
    /// <returns>Such as <c>eu-west/eu-west-1a/m1</c>.</returns>
    public override string ToString()
    {
        var place = $"{Region}/{Zone ?? "-"}/{Machine ?? "-"}";
        return Labels.Count == 0 ? place : $"{place} {{{string.Join(", ", Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"))}}}";
    }
}
