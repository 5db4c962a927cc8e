using AkkaDurable.Hosting.Internal.Clustering;
using Microsoft.Extensions.Configuration;

namespace AkkaDurable.Hosting.Internal.Configuration;

/// <summary>The section <c>AkkaDurable:Cluster</c>.</summary>
internal static class ClusterSettings
{
    public static DurableClusterOptions Build(IConfigurationSection? section, string systemName, Action<DurableClusterOptions>? configure) =>
        LayeredOptions.Build(new DurableClusterOptions(), section, Read, configure, options => ClusterRules.Check(options, systemName));

    private static void Read(SettingsSection section, DurableClusterOptions options)
    {
        section.Text(nameof(options.Hostname), value => options.Hostname = value);
        section.Text(nameof(options.PublicHostname), value => options.PublicHostname = value);
        section.Integer(nameof(options.Port), value => options.Port = value);
        section.Integer(nameof(options.PublicPort), value => options.PublicPort = value);
        section.List(nameof(options.SeedNodes), value => options.SeedNodes = value);
        section.List(nameof(options.Roles), value => options.Roles = value);
        section.Text(nameof(options.AppVersion), value => options.AppVersion = value);
        section.Choice<FailureProfile>(nameof(options.Profile), value => options.Profile = value);
        section.Choice<SplitBrainStrategy>(nameof(options.SplitBrain), value => options.SplitBrain = value);
        section.Flag(nameof(options.EndProcessWhenDowned), value => options.EndProcessWhenDowned = value);
    }
}
