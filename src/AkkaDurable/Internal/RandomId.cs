using System.Security.Cryptography;

namespace AkkaDurable.Internal;

/// <summary>Random numbers that nobody else draws: for claims, leases and sessions.</summary>
internal static class RandomId
{
    /// <summary>Draws one; never 0.</summary>
    public static long Next()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return (BitConverter.ToInt64(bytes) & long.MaxValue) | 1;
    }
}
