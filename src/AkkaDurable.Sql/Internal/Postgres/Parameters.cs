using Npgsql;
using NpgsqlTypes;

namespace AkkaDurable.Sql.Internal.Postgres;

/// <summary>Parameters that are typed from end to end, so that nothing is boxed and the server knows each type.</summary>
internal static class Parameters
{
    public static NpgsqlParameter<TValue[]> OfColumn<T, TValue>(List<T> rows, Func<T, TValue> value)
    {
        var values = new TValue[rows.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(rows[i]);
        }

        return new NpgsqlParameter<TValue[]> { TypedValue = values };
    }

    /// <summary>UTF-8 bytes as an array of texts; the driver sends them as they are.</summary>
    public static NpgsqlParameter<ReadOnlyMemory<byte>?[]> OfTexts<T>(List<T> rows, Func<T, ReadOnlyMemory<byte>?> value)
    {
        var parameter = OfColumn(rows, value);
        parameter.NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text;
        return parameter;
    }

    public static NpgsqlParameter<ReadOnlyMemory<byte>?[]> OfBytes<T>(List<T> rows, Func<T, ReadOnlyMemory<byte>?> value)
    {
        var parameter = OfColumn(rows, value);
        parameter.NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea;
        return parameter;
    }

    public static NpgsqlParameter<DateTime> Of(DateTimeOffset time) => new() { TypedValue = time.UtcDateTime };
}
