using System.Data.Common;
using AkkaDurable.Storage;

namespace AkkaDurable.Sql.Internal.Reading;

/// <summary>The columns of a record, in the order in which every query names them, and how they become a <see cref="StoredServer"/>.</summary>
internal static class RecordColumns
{
    public const string WithoutState = "epoch, claim_id, revision, status, owner, state_version, created_at, updated_at, lease_id, region, is_permanent, crashes";
    public const string WithState = WithoutState + ", state, recent_calls";

    /// <summary>The column that follows those of <see cref="WithState"/>.</summary>
    public const int Count = 14;

    /// <summary>The column that follows those of <see cref="WithoutState"/>.</summary>
    public const int CountWithoutState = 12;

    private const int Crashes = 11;
    private const int State = 12;
    private const int RecentCalls = 13;

    public static StoredServer Read(DbDataReader reader, ServerId id, bool withState, Func<DbDataReader, int, DateTimeOffset> time) => new(
        id,
        new ClaimToken(reader.GetInt64(0), reader.GetInt64(1)),
        reader.GetInt64(2),
        (ServerStatus)reader.GetInt16(3),
        reader.GetString(4),
        reader.GetInt32(5),
        withState ? ReadState(reader) : null,
        time(reader, 6),
        time(reader, 7))
    {
        LeaseId = reader.GetInt64(8),
        Region = reader.GetString(9),
        IsPermanent = reader.GetBoolean(10),
        Crashes = ReadBytes(reader, Crashes),
        RecentCalls = withState ? ReadBytes(reader, RecentCalls) : default,
    };

    // Of no bytes there is one kind only, so that records that hold the same are equal.
    private static ReadOnlyMemory<byte> ReadBytes(DbDataReader reader, int column) =>
        !reader.IsDBNull(column) && reader.GetFieldValue<byte[]>(column) is { Length: > 0 } bytes ? bytes : default(ReadOnlyMemory<byte>);

    // Two returns: in "condition ? bytes : null" the null would pass through byte[] and come out as an empty state, not as none.
    private static ReadOnlyMemory<byte>? ReadState(DbDataReader reader)
    {
        if (reader.IsDBNull(State))
        {
            return null;
        }

        return reader.GetFieldValue<byte[]>(State);
    }
}
