using System.Globalization;
using System.Net;
using Akka.Actor;

namespace AkkaDurable.Hosting.Internal.Clustering;

/// <summary>The rules of <see cref="DurableClusterOptions"/>.</summary>
internal static class ClusterRules
{
    public static void Check(DurableClusterOptions options, string systemName)
    {
        Require(IsHost(options.Hostname), options.Hostname, "it must be a host name or an IP address", nameof(options.Hostname));
        Require(options.PublicHostname is null || (IsHost(options.PublicHostname) && !IsWildcard(options.PublicHostname)), options.PublicHostname, "it must be a host name or an IP address that other nodes can reach", nameof(options.PublicHostname));
        Require(!IsWildcard(options.Hostname) || options.PublicHostname is not null, options.Hostname, "a node that listens on all addresses needs a PublicHostname, by which the others reach it", nameof(options.Hostname));
        Require(options.Port is >= 0 and <= IPEndPoint.MaxPort, options.Port.ToString(CultureInfo.InvariantCulture), "it must be 0 to 65,535", nameof(options.Port));
        Require(options.PublicPort is null or (>= 1 and <= IPEndPoint.MaxPort), options.PublicPort?.ToString(CultureInfo.InvariantCulture), "it must be 1 to 65,535", nameof(options.PublicPort));
        Require(options.SeedNodes is not null, null, "it must be set; leave it empty for a cluster of one", nameof(options.SeedNodes));
        foreach (var seed in options.SeedNodes!)
        {
            Require(IsSeed(seed, systemName), seed, $"a seed node is written akka.tcp://{systemName}@host:port", nameof(options.SeedNodes));
        }

        Require(options.Roles is not null, null, "it must be set; leave it empty for a node without roles", nameof(options.Roles));
        foreach (var role in options.Roles!)
        {
            Require(!string.IsNullOrWhiteSpace(role), role, "a role has a name", nameof(options.Roles));
        }

        Require(options.AppVersion is null || !string.IsNullOrWhiteSpace(options.AppVersion), options.AppVersion, "a version is written like 2.1.0", nameof(options.AppVersion));
        Require(Enum.IsDefined(options.Profile), options.Profile.ToString(), $"it must be {string.Join(" or ", Enum.GetNames<FailureProfile>())}", nameof(options.Profile));
        Require(Enum.IsDefined(options.SplitBrain), options.SplitBrain.ToString(), $"it must be {string.Join(" or ", Enum.GetNames<SplitBrainStrategy>())}", nameof(options.SplitBrain));
    }

    private static bool IsHost(string? host) => Uri.CheckHostName(host) != UriHostNameType.Unknown;

    private static bool IsWildcard(string host) => IPAddress.TryParse(host, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    private static bool IsSeed(string? seed, string systemName) =>
        seed is not null
        && Address.TryParse(seed, out var address)
        && address.Protocol.StartsWith("akka.", StringComparison.Ordinal)
        && address.System == systemName
        && IsHost(address.Host)
        && address.Port is > 0 and <= IPEndPoint.MaxPort;

    private static void Require(bool holds, string? value, string rule, string option)
    {
        if (!holds)
        {
            throw new DurableConfigurationException($"{nameof(DurableClusterOptions)}.{option}", value, rule);
        }
    }
}
