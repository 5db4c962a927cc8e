using AkkaDurable.Sql.Internal.Writing;
using Npgsql;
using NpgsqlTypes;

namespace AkkaDurable.Sql.Internal.Postgres;

/// <summary>Saves one record. Made once for each connection; its parameters are filled anew each time.</summary>
internal sealed class SaveOneCommand
{
    private readonly NpgsqlParameter<string> _type = new();
    private readonly NpgsqlParameter<string> _key = new();
    private readonly NpgsqlParameter<long> _epoch = new();
    private readonly NpgsqlParameter<long> _claim = new();
    private readonly NpgsqlParameter<long> _revision = new();
    private readonly NpgsqlParameter<short> _status = new();
    private readonly NpgsqlParameter<int> _version = new();
    private readonly NpgsqlParameter<ReadOnlyMemory<byte>?> _state = new() { NpgsqlDbType = NpgsqlDbType.Text };
    private readonly NpgsqlParameter<ReadOnlyMemory<byte>?> _calls = new() { NpgsqlDbType = NpgsqlDbType.Bytea };
    private readonly NpgsqlParameter<DateTime> _now = new();

    public SaveOneCommand(string text) => Command = new NpgsqlBatchCommand(text) { Parameters = { _type, _key, _epoch, _claim, _revision, _status, _version, _state, _calls, _now } };

    public NpgsqlBatchCommand Command { get; }

    public void Fill(SaveOperation save, DateTimeOffset now)
    {
        var request = save.Request;
        _type.TypedValue = save.Id.ServerType;
        _key.TypedValue = save.Id.Key;
        _epoch.TypedValue = request.Token.Epoch;
        _claim.TypedValue = request.Token.ClaimId;
        _revision.TypedValue = request.Revision;
        _status.TypedValue = (short)request.Status;
        _version.TypedValue = request.StateVersion;
        _state.TypedValue = request.State;
        _calls.TypedValue = request.RecentCalls;
        _now.TypedValue = now.UtcDateTime;
    }

    /// <summary>The states need not stay in memory until the next save comes.</summary>
    public void Clear() => _state.TypedValue = _calls.TypedValue = null;
}
