using System.Data.Common;
using NpgsqlTypes;

namespace AkkaDurable.Sql.Internal.Postgres;

/// <summary>Where a record lies in its table, as one number; never 0.</summary>
internal static class RecordPlace
{
    /// <summary>The most bytes that <see cref="Write"/> needs: two numbers of up to ten and five digits, brackets and a comma.</summary>
    public const int MaxLength = 18;

    private const int OffsetBits = 16;

    /// <summary>Reads a column of the type tid.</summary>
    public static long Read(DbDataReader reader, int column)
    {
        var place = reader.GetFieldValue<NpgsqlTid>(column);
        return ((long)place.BlockNumber << OffsetBits) | place.OffsetNumber;
    }

    /// <summary>Writes it as PostgreSQL reads it, since the driver knows no arrays of tid.</summary>
    /// <returns>How many bytes it takes.</returns>
    public static int Write(long place, Span<byte> text)
    {
        text[0] = (byte)'(';
        ((uint)(place >> OffsetBits)).TryFormat(text[1..], out var length, default, null);
        var at = length + 1;
        text[at++] = (byte)',';
        ((ushort)place).TryFormat(text[at..], out length, default, null);
        at += length;
        text[at++] = (byte)')';
        return at;
    }
}
