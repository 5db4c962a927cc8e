using System.Globalization;
using AkkaDurable.Placement.Internal.Locations;

namespace AkkaDurable.Placement;

/// <summary>
/// The name of a shard as this package reads it: <c>REGION~NUMBER</c> for a shard with a home region, <c>NUMBER</c> for one without. So each node knows a shard's home without asking anybody. It is part of the
/// data's layout and never changes.
/// </summary>
public readonly record struct ShardName
{
    private const char Separator = '~';

    /// <summary>Names a shard.</summary>
    /// <param name="homeRegion">The region where its servers belong, or null.</param>
    /// <param name="number">Its number, from 0.</param>
    /// <exception cref="ArgumentException">The region is not a region's name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public ShardName(string? homeRegion, int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        HomeRegion = homeRegion is null ? null : LocationRule.CheckRegion(homeRegion, nameof(homeRegion));
        Number = number;
    }

    /// <summary>The region where its servers belong, or null.</summary>
    public string? HomeRegion { get; }

    /// <summary>Its number.</summary>
    public int Number { get; }

    /// <summary>Reads a shard id.</summary>
    /// <param name="shardId">The id.</param>
    /// <param name="name">The name.</param>
    /// <returns>False if the id is not such a name, or not written as <see cref="ToString"/> writes it.</returns>
    public static bool TryParse(string? shardId, out ShardName name)
    {
        name = default;
        if (string.IsNullOrEmpty(shardId))
        {
            return false;
        }

        var separator = shardId.IndexOf(Separator, StringComparison.Ordinal);
        var region = separator < 0 ? null : shardId[..separator];
        var digits = shardId.AsSpan(separator + 1);
        if ((region is not null && LocationRule.RegionViolation(region) is not null)
            || (digits.Length > 1 && digits[0] == '0')
            || digits.ContainsAnyExceptInRange('0', '9') // the parser below takes NULs at the end for nothing
            || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        name = new ShardName(region, number);
        return true;
    }

    /// <summary>The home region that a shard id names; null for ids without one, also for those that are no <see cref="ShardName"/> at all.</summary>
    /// <param name="shardId">The id.</param>
    /// <returns>The region, or null.</returns>
    public static string? HomeRegionOf(string? shardId)
    {
        var separator = shardId?.IndexOf(Separator, StringComparison.Ordinal) ?? -1;
        return separator > 0 && shardId![..separator] is var region && LocationRule.RegionViolation(region) is null ? region : null;
    }

    /// <summary>The shard id.</summary>
    /// <returns>Such as <c>eu-west~7</c> or <c>7</c>.</returns>
    public override string ToString() => HomeRegion is null ? Number.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{HomeRegion}{Separator}{Number}");
}
