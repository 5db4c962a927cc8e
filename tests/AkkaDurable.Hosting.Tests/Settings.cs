using Microsoft.Extensions.Configuration;

namespace AkkaDurable.Hosting.Tests;

internal static class Settings
{
    /// <summary>A section of a configuration that holds nothing but these settings.</summary>
    public static IConfigurationSection Section(string path, params (string Key, string? Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"{path}:{setting.Key}", setting.Value))).Build().GetSection(path);
}
