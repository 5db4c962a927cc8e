namespace AkkaDurable.Internal.Storage;

/// <summary>Orders strings as the bytes of their UTF-8 form, which is how the SQL stores order keys.</summary>
/// <remarks>
/// UTF-16 order, which <see cref="StringComparer.Ordinal"/> has, differs from it in one point: there surrogates, which stand for U+10000 and up, come
/// before U+E000 to U+FFFF. So it is enough to move those two ranges when the first differing units are compared.
/// </remarks>
internal sealed class Utf8OrdinalComparer : IComparer<string>
{
    private Utf8OrdinalComparer()
    {
    }

    public static Utf8OrdinalComparer Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
        {
            return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        }

        var common = x.AsSpan().CommonPrefixLength(y);
        return common == x.Length || common == y.Length
            ? x.Length.CompareTo(y.Length)
            : Rank(x[common]).CompareTo(Rank(y[common]));
    }

    private static int Rank(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
}
