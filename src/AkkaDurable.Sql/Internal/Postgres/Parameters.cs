using Npgsql;

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

    public static NpgsqlParameter<DateTime> Of(DateTimeOffset time) => new() { TypedValue = time.UtcDateTime };
}
