using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AkkaDurable.Hosting.Internal.Configuration;

/// <summary>Our sections of the app's configuration.</summary>
internal static class AppConfiguration
{
    private const string Root = "AkkaDurable";
    private const string Cluster = "Cluster";
    private const string Servers = "Servers";
    private const string Sql = "Sql";
    private const string Node = "Node";
    private const string Lease = "LeaseTimeToLive";
    private const string Shutdown = "ShutdownBudget";

    public static IConfigurationSection? ClusterSection(IConfiguration? configuration) => Section(configuration, Cluster);

    public static IConfigurationSection? NodeSection(IConfiguration? configuration) => Section(configuration, Node);

    public static IConfigurationSection? SqlSection(IConfiguration? configuration) => Section(configuration, Sql);

    public static IConfigurationSection? ServerSection(IConfiguration? configuration, string typeName) => Section(configuration, Servers)?.GetSection(typeName);

    /// <summary>The setting <c>AkkaDurable:LeaseTimeToLive</c>.</summary>
    public static TimeSpan? LeaseTimeToLive(IConfiguration? configuration) => Duration(configuration, Lease);

    /// <summary>The setting <c>AkkaDurable:ShutdownBudget</c>.</summary>
    public static TimeSpan? ShutdownBudget(IConfiguration? configuration) => Duration(configuration, Shutdown);

    /// <summary>The app's configuration where there is no service provider yet: as a host builder or the app itself left it among the services.</summary>
    public static IConfiguration? Find(IServiceCollection services) =>
        services.LastOrDefault(service => service.ServiceType == typeof(IConfiguration) && !service.IsKeyedService)?.ImplementationInstance as IConfiguration
        ?? (services.LastOrDefault(service => service.ServiceType == typeof(HostBuilderContext))?.ImplementationInstance as HostBuilderContext)?.Configuration;

    private static TimeSpan? Duration(IConfiguration? configuration, string name) =>
        Section(configuration, name) is not { Value: { } text } setting
            ? null
            : SettingsSection.TryParseDuration(text, out var value)
                ? value
                : throw new DurableConfigurationException(setting.Path, text, SettingsSection.DurationRule);

    // A section that nobody reads is a misspelt one.
    private static IConfigurationSection? Section(IConfiguration? configuration, string name)
    {
        if (configuration?.GetSection(Root) is not { } root)
        {
            return null;
        }

        string[] known = [Cluster, Lease, Node, Servers, Shutdown, Sql];
        if (root.GetChildren().FirstOrDefault(child => !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw SettingsSection.Unknown(unknown, known);
        }

        return root.GetSection(name);
    }
}
