using System.Collections.Immutable;

namespace AkkaDurable.Placement.Internal.Locations;

/// <summary>A location as cluster roles. <c>dc-</c> is what Akka on the JVM calls a data center; the rest begins with <c>dc.</c>, which nobody's own roles do.</summary>
internal static class LocationRoles
{
    public const string Region = "dc-";
    public const string Zone = "dc.zone.";
    public const string Machine = "dc.machine.";
    public const string Label = "dc.label.";

    public static ImmutableArray<string> Merge(NodeLocation location, IEnumerable<string> userRoles)
    {
        var roles = ImmutableArray.CreateBuilder<string>();
        foreach (var role in userRoles)
        {
            if (!IsLocation(role) && !roles.Contains(role))
            {
                roles.Add(role);
            }
        }

        roles.Add(Region + location.Region);
        if (location.Zone is { } zone)
        {
            roles.Add(Zone + zone);
        }

        if (location.Machine is { } machine)
        {
            roles.Add(Machine + machine);
        }

        roles.AddRange(location.Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{Label}{label.Key}.{label.Value}"));
        return roles.ToImmutable();
    }

    public static NodeLocation Parse(IEnumerable<string> roles)
    {
        string? region = null, zone = null, machine = null;
        Dictionary<string, string>? labels = null;
        foreach (var role in roles)
        {
            if (Rest(role, Region) is { } r && LocationRule.RegionViolation(r) is null)
            {
                region ??= r;
            }
            else if (Rest(role, Zone) is { } z && LocationRule.IsPart(z))
            {
                zone ??= z;
            }
            else if (Rest(role, Machine) is { } m && LocationRule.IsPart(m))
            {
                machine ??= m;
            }
            else if (Rest(role, Label) is { } label && label.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && LocationRule.IsLabelName(label[..dot]) && LocationRule.IsPart(label[(dot + 1)..]))
            {
                (labels ??= new(StringComparer.Ordinal)).TryAdd(label[..dot], label[(dot + 1)..]);
            }
        }

        return new NodeLocation(region ?? NodeLocation.DefaultRegion, zone, machine, labels);
    }

    private static bool IsLocation(string role) =>
        new[] { Region, Zone, Machine, Label }.Any(prefix => role.StartsWith(prefix, StringComparison.Ordinal));

    private static string? Rest(string role, string prefix) => role.StartsWith(prefix, StringComparison.Ordinal) ? role[prefix.Length..] : null;
}
