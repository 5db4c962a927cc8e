using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace AkkaDurable.Hosting.Internal.Configuration;

/// <summary>Options in three layers: their defaults, the app's configuration, the app's code; then checked.</summary>
internal static class LayeredOptions
{
    public static T Build<T>(T options, IConfigurationSection? section, Action<SettingsSection, T> read, Action<T>? configure, Action<T> validate)
        where T : class
    {
        if (section is null)
        {
            configure?.Invoke(options);
            validate(options);
            return options;
        }

        var settings = new SettingsSection(section);
        read(settings, options);
        settings.End();
        var configured = Values(options, section);
        configure?.Invoke(options);
        try
        {
            validate(options);
        }
        catch (DurableConfigurationException exception) when (Culprit(exception, section, configured, Values(options, section)) is { } path)
        {
            throw new DurableConfigurationException(path, exception.Value, exception.Rule);
        }

        return options;
    }

    /// <summary>The path of the setting that is to blame, unless the code has changed it since.</summary>
    private static string? Culprit(DurableConfigurationException exception, IConfigurationSection section, Dictionary<string, string> configured, Dictionary<string, string> now) =>
        exception.Option.Split('.', ' ').FirstOrDefault(word => now.TryGetValue(word, out var value) && value == configured[word]) is { } name ? section.GetSection(name).Path : null;

    private static Dictionary<string, string> Values<T>(T options, IConfigurationSection section) =>
        section.GetChildren()
            .Select(setting => typeof(T).GetProperty(setting.Key, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase))
            .OfType<PropertyInfo>()
            .ToDictionary(property => property.Name, property => Text(property.GetValue(options)));

    private static string Text(object? value) => value is IEnumerable<string> list ? string.Join('\n', list) : value?.ToString() ?? "";
}
