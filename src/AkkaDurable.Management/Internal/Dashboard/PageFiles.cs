using System.Reflection;
using System.Security.Cryptography;

namespace AkkaDurable.Management.Internal.Dashboard;

/// <summary>The files of the page, as they are in this assembly. Immutable.</summary>
internal static class PageFiles
{
    public const string Index = "index.html";

    private const string Prefix = "dashboard/";

    private static readonly Dictionary<string, string> s_types = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    private static readonly Lazy<Dictionary<string, PageFile>> s_files = new(Load);

    public static IReadOnlyCollection<string> Names => s_files.Value.Keys;

    public static PageFile? Find(string name) => s_files.Value.GetValueOrDefault(name);

    private static Dictionary<string, PageFile> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var files = new Dictionary<string, PageFile>(StringComparer.Ordinal);
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            var name = resource[Prefix.Length..];
            files[name] = new PageFile(bytes, s_types[Path.GetExtension(name)], $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 12))}\"");
        }

        return files;
    }
}
