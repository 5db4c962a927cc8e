using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace AkkaDurable.Hosting.Internal.Configuration;

/// <summary>Reads options from a section of the app's configuration, as a binder does, but every complaint names the path, the value and the rule.</summary>
internal sealed class SettingsSection(IConfigurationSection section)
{
    public const string DurationRule = "it must be a time such as 00:00:05, or Infinite";

    private readonly List<string> _known = [];

    public delegate bool Parser<T>(string text, out T value);

    /// <summary>The value is left out: under a misspelt name it may be a secret.</summary>
    public static DurableConfigurationException Unknown(IConfigurationSection unknown, IEnumerable<string> known) =>
        new(unknown.Path, "(hidden)", $"there is no such option; there are {string.Join(", ", known.Order(StringComparer.Ordinal))}");

    public void Text(string name, Action<string> apply) => Read(name, (string text, out string value) => (value = text) is not null, "", apply);

    public void Integer(string name, Action<int> apply) =>
        Read(name, (string text, out int value) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value), "it must be a whole number", apply);

    public void Flag(string name, Action<bool> apply) => Read(name, (string text, out bool value) => bool.TryParse(text, out value), "it must be true or false", apply);

    public void Duration(string name, Action<TimeSpan> apply) => Read<TimeSpan>(name, TryParseDuration, DurationRule, apply);

    public void Choice<T>(string name, Action<T> apply)
        where T : struct, Enum =>
        Read(
            name,
            (string text, out T value) => Enum.TryParse(text, ignoreCase: true, out value) && Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase),
            $"it must be {string.Join(" or ", Enum.GetNames<T>())}",
            apply);

    public void List(string name, Action<IList<string>> apply)
    {
        _known.Add(name);
        var list = section.GetSection(name);

        // An empty JSON array reaches us as an empty value.
        if (!string.IsNullOrEmpty(list.Value))
        {
            throw new DurableConfigurationException(list.Path, list.Value, $"it is a list: {list.Path}:0, {list.Path}:1 and so on");
        }

        if (list.Value is not null || list.GetChildren().Any())
        {
            apply([.. list.GetChildren().Select(item => item.Value ?? "")]);
        }
    }

    public void Read<T>(string name, Parser<T> parse, string rule, Action<T> apply)
    {
        _known.Add(name);
        var setting = section.GetSection(name);
        if (setting.GetChildren().Any())
        {
            throw new DurableConfigurationException(setting.Path, "(a section)", "it is a single value");
        }

        // A JSON null leaves the option as it is.
        if (setting.Value is not { } text)
        {
            return;
        }

        bool isValid;
        T value;
        try
        {
            isValid = parse(text, out value);
        }
        catch (DurableConfigurationException exception)
        {
            throw new DurableConfigurationException(setting.Path, text, exception.Rule);
        }

        if (!isValid)
        {
            throw new DurableConfigurationException(setting.Path, text, rule);
        }

        apply(value);
    }

    /// <summary>To be called last: refuses what nobody has read.</summary>
    public void End()
    {
        if (section.GetChildren().FirstOrDefault(child => !_known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw Unknown(unknown, _known);
        }
    }

    /// <summary>A bare number is refused: TimeSpan takes it for days, and nobody who writes "5" means that.</summary>
    public static bool TryParseDuration(string text, out TimeSpan value)
    {
        if (text.Equals("Infinite", StringComparison.OrdinalIgnoreCase))
        {
            value = Timeout.InfiniteTimeSpan;
            return true;
        }

        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value) && text.Contains(':', StringComparison.Ordinal);
    }
}
