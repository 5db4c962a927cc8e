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

    /// <summary>UTF-8 bytes as texts, or bytes as they are; the driver sends both without copying them into anything else.</summary>
    public static NpgsqlParameter<ReadOnlyMemory<byte>?[]> OfColumn<T>(List<T> rows, NpgsqlDbType type, Func<T, ReadOnlyMemory<byte>?> value)
    {
        var parameter = OfColumn(rows, value);
        parameter.NpgsqlDbType = NpgsqlDbType.Array | type;
        return parameter;
    }

    public static NpgsqlParameter<DateTime> Of(DateTimeOffset time) => new() { TypedValue = time.UtcDateTime };
}
