using System.Collections.Frozen;

namespace AkkaDurable.Placement.Internal.Locations;

/// <summary>The one place that says what a region, a zone, a machine and a label may be called. The characters are those that a role may have in any configuration, quoted or not.</summary>
internal static class LocationRule
{
    public const int MaxRegion = 32;
    public const int MaxPart = 64;

    public static string? RegionViolation(string? region)
    {
        if (string.IsNullOrEmpty(region))
        {
            return "it is empty";
        }

        if (region.Length > MaxRegion)
        {
            return $"it has {region.Length} characters";
        }

        if (region[0] == '-' || region[^1] == '-')
        {
            return "it begins or ends with '-'";
        }

        return region.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') ? null : "it has other characters";
    }

    public static string CheckRegion(string? region, string name) =>
        RegionViolation(region) is { } violation
            ? throw new ArgumentException($"The region '{region}' is not allowed: {violation}. A region is 1 to {MaxRegion} lower-case letters, digits and '-', beginning and ending with a letter or digit.", name)
            : region!;

    public static bool IsPart(string part) =>
        part.Length is > 0 and <= MaxPart && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    public static bool IsLabelName(string? name) =>
        name is { Length: > 0 and <= MaxPart } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    public static string? CheckPart(string? part, string name) =>
        part is null || IsPart(part)
            ? part
            : throw new ArgumentException($"The {name} '{part}' is not allowed: it is 1 to {MaxPart} ASCII letters, digits, '-', '_' and '.', or null for none.", name);

    public static IReadOnlyDictionary<string, string> CheckLabels(IReadOnlyDictionary<string, string>? labels, string name)
    {
        if (labels is null || labels.Count == 0)
        {
            return FrozenDictionary<string, string>.Empty;
        }

        foreach (var (label, value) in labels)
        {
            if (!IsLabelName(label) || value is null || !IsPart(value))
            {
                throw new ArgumentException(
                    $"The label '{label}={value}' is not allowed: a name is 1 to {MaxPart} ASCII letters, digits, '-' and '_'; a value 1 to {MaxPart} of these and '.'.", name);
            }
        }

        return labels.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Makes a name given by a cloud fit the rule for regions; null when nothing is left of it.</summary>
    public static string? ToRegion(string given)
    {
        var region = new string([.. given.Trim().ToLowerInvariant().Select(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) ? c : '-')]);
        region = (region.Length > MaxRegion ? region[..MaxRegion] : region).Trim('-');
        return region.Length == 0 ? null : region;
    }

    /// <summary>Makes a name given by a cloud or a machine fit the rule for parts; null when nothing is left of it.</summary>
    public static string? ToPart(string given)
    {
        var part = new string([.. given.Trim().Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-')]);
        return part.Length switch { 0 => null, > MaxPart => part[..MaxPart], _ => part };
    }
}
