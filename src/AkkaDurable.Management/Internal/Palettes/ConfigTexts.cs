using Akka.Configuration.Hocon;

namespace AkkaDurable.Management.Internal.Palettes;

/// <summary>Settings of a configuration, one by one.</summary>
internal static class ConfigTexts
{
    public static IEnumerable<(string Name, string Value)> Of(HoconValue value, string path)
    {
        if (!value.IsObject())
        {
            return [(path, value.IsArray() ? $"[{string.Join(", ", value.GetArray().Select(item => item.IsString() ? item.GetString() : item.ToString()))}]" : value.GetString() ?? "")];
        }

        return value.GetObject().Items.OrderBy(item => item.Key, StringComparer.Ordinal).SelectMany(item => Of(item.Value, $"{path}.{item.Key}"));
    }
}
