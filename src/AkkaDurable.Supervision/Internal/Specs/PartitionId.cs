using System.Globalization;
using System.Text;

namespace AkkaDurable.Supervision.Internal.Specs;

/// <summary>Which partition a key belongs to, and what it is called.</summary>
internal static class PartitionId
{
    public static string Of(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>An integer key goes by its remainder, as in Elixir; any other by a hash of its text that is the same in every process.</summary>
    public static int For(object key, int partitions) => key switch
    {
        int number => (int)(Math.Abs((long)number) % partitions),
        long number => (int)((ulong)(number < 0 ? unchecked(-number) : number) % (ulong)partitions),
        _ => (int)(Hash(Convert.ToString(key, CultureInfo.InvariantCulture) ?? "") % (uint)partitions),
    };

    // FNV-1a: string.GetHashCode differs from process to process.
    private static uint Hash(string text)
    {
        var hash = 2166136261u;
        foreach (var unit in Encoding.UTF8.GetBytes(text))
        {
            hash = unchecked((hash ^ unit) * 16777619);
        }

        return hash;
    }
}
