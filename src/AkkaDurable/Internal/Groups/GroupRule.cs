using System.Collections.ObjectModel;
using System.Text;
using AkkaDurable.Internal.Calls;

namespace AkkaDurable.Internal.Groups;

/// <summary>The one place that says what names of groups and metadata may be.</summary>
internal static class GroupRule
{
    public const int MaxEntries = 64;
    public const int MaxMetaBytes = 8 * 1024;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="InvalidGroupException">The name breaks the rule, or names a prefix.</exception>
    public static void CheckGroup(string? group)
    {
        CheckQuery(group);
        if (group!.EndsWith('/'))
        {
            throw new InvalidGroupException($"The group {KeyRule.Show(group)} is not allowed: a name that ends in \"/\" stands for all groups that begin so, which can be asked for and watched, but not joined.", nameof(group));
        }
    }

    /// <exception cref="InvalidGroupException">The name breaks the rule.</exception>
    public static void CheckQuery(string? group) => Check(group, "group", nameof(group));

    /// <summary>The named cluster, or the one of all nodes.</summary>
    /// <exception cref="InvalidGroupException">The name breaks the rule.</exception>
    public static string ClusterOf(string? cluster)
    {
        if (cluster is null)
        {
            return "";
        }

        Check(cluster, "cluster", nameof(cluster));
        return cluster;
    }

    /// <summary>Checks and copies.</summary>
    /// <exception cref="InvalidMetadataException">It is too large.</exception>
    public static IReadOnlyDictionary<string, string> CopyMeta(IReadOnlyDictionary<string, string>? meta)
    {
        if (meta is null || meta.Count == 0)
        {
            return ReadOnlyDictionary<string, string>.Empty;
        }

        if (meta.Count > MaxEntries)
        {
            throw new InvalidMetadataException($"The metadata has {meta.Count} entries; the limit is {MaxEntries}.");
        }

        var copy = new Dictionary<string, string>(meta.Count, StringComparer.Ordinal);
        var bytes = 0;
        foreach (var (name, value) in meta)
        {
            if (value is null)
            {
                throw new InvalidMetadataException($"The metadata's {KeyRule.Show(name)} is null.");
            }

            try
            {
                bytes += s_strict.GetByteCount(name) + s_strict.GetByteCount(value);
            }
            catch (EncoderFallbackException)
            {
                throw new InvalidMetadataException($"The metadata's {KeyRule.Show(name)} has a lone surrogate, which is no text.");
            }

            copy[name] = value;
        }

        return bytes <= MaxMetaBytes ? copy : throw new InvalidMetadataException($"The metadata is {bytes:N0} bytes; the limit is {MaxMetaBytes:N0}.");
    }

    private static void Check(string? name, string what, string parameter)
    {
        if (KeyRule.Violation(name) is { } violation)
        {
            throw new InvalidGroupException($"The {what} {KeyRule.Show(name)} is not allowed: {violation}. It is 1 to {KeyRule.MaxBytes} bytes of UTF-8, not only white space, without control characters and lone surrogates.", parameter);
        }
    }
}
