using AkkaDurable.Sql.Internal.Writing;
using Npgsql;
using NpgsqlTypes;

namespace AkkaDurable.Sql.Internal.Postgres;

/// <summary>Saves many records of which it is known where they lie. Made once for each connection; the lists behind its parameters are filled anew for each group.</summary>
internal sealed class SaveInPlaceCommand
{
    private readonly List<ReadOnlyMemory<byte>?> _places = [];
    private readonly List<string> _keys = [];
    private readonly List<long> _epochs = [];
    private readonly List<long> _claims = [];
    private readonly List<long> _revisions = [];
    private readonly List<int> _versions = [];
    private readonly List<ReadOnlyMemory<byte>?> _states = [];
    private readonly List<ReadOnlyMemory<byte>?> _calls = [];
    private readonly NpgsqlParameter<DateTime> _now = new();
    private byte[] _texts = [];

    public SaveInPlaceCommand(string text) => Command = new NpgsqlBatchCommand(text)
    {
        Parameters = { Of(_places, NpgsqlDbType.Text), Of(_keys), Of(_epochs), Of(_claims), Of(_revisions), Of(_versions), Of(_states, NpgsqlDbType.Text), Of(_calls, NpgsqlDbType.Bytea), _now },
    };

    public NpgsqlBatchCommand Command { get; }

    public void Fill(List<SaveOperation> saves, DateTimeOffset now)
    {
        Clear();
        if (_texts.Length < saves.Count * RecordPlace.MaxLength)
        {
            _texts = new byte[saves.Count * RecordPlace.MaxLength];
        }

        var at = 0;
        foreach (var save in saves)
        {
            var request = save.Request;
            var length = RecordPlace.Write(save.Place, _texts.AsSpan(at));
            _places.Add(_texts.AsMemory(at, length));
            at += length;
            _keys.Add(save.Id.Key);
            _epochs.Add(request.Token.Epoch);
            _claims.Add(request.Token.ClaimId);
            _revisions.Add(request.Revision);
            _versions.Add(request.StateVersion);
            _states.Add(request.State);
            _calls.Add(request.RecentCalls);
        }

        _now.TypedValue = now.UtcDateTime;
    }

    /// <summary>The states need not stay in memory until the next group comes.</summary>
    public void Clear()
    {
        _places.Clear();
        _keys.Clear();
        _epochs.Clear();
        _claims.Clear();
        _revisions.Clear();
        _versions.Clear();
        _states.Clear();
        _calls.Clear();
    }

    private static NpgsqlParameter<List<T>> Of<T>(List<T> values) => new() { TypedValue = values };

    /// <summary>UTF-8 bytes as texts, or bytes as they are; the driver sends both without copying them into anything else.</summary>
    private static NpgsqlParameter<List<T>> Of<T>(List<T> values, NpgsqlDbType type) => new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
}
