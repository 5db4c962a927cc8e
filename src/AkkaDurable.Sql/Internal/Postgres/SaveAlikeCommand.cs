using AkkaDurable.Sql.Internal.Writing;
using Npgsql;
using NpgsqlTypes;

namespace AkkaDurable.Sql.Internal.Postgres;

/// <summary>Saves many running servers of one type. Made once for each connection; the lists behind its parameters are filled anew for each group.</summary>
internal sealed class SaveAlikeCommand
{
    private readonly NpgsqlParameter<string> _type = new();
    private readonly NpgsqlParameter<int> _version = new();
    private readonly NpgsqlParameter<DateTime> _now = new();
    private readonly List<string> _keys = [];
    private readonly List<long> _epochs = [];
    private readonly List<long> _claims = [];
    private readonly List<long> _revisions = [];
    private readonly List<ReadOnlyMemory<byte>?> _states = [];
    private readonly List<ReadOnlyMemory<byte>?> _calls = [];

    public SaveAlikeCommand(string text) => Command = new NpgsqlBatchCommand(text)
    {
        Parameters =
        {
            _type, _version, _now, SaveManyCommand.Of(_keys), SaveManyCommand.Of(_epochs), SaveManyCommand.Of(_claims), SaveManyCommand.Of(_revisions),
            SaveManyCommand.Of(_states, NpgsqlDbType.Text), SaveManyCommand.Of(_calls, NpgsqlDbType.Bytea),
        },
    };

    public NpgsqlBatchCommand Command { get; }

    /// <summary>Whether these saves are alike.</summary>
    public static bool Fits(List<SaveOperation> saves)
    {
        var (type, version) = (saves[0].Id.ServerType, saves[0].Request.StateVersion);
        foreach (var save in saves)
        {
            if (save.Request.Status != ServerStatus.Running || save.Request.State is null || save.Request.StateVersion != version || save.Id.ServerType != type)
            {
                return false;
            }
        }

        return true;
    }

    public void Fill(List<SaveOperation> saves, DateTimeOffset now)
    {
        Clear();
        _type.TypedValue = saves[0].Id.ServerType;
        _version.TypedValue = saves[0].Request.StateVersion;
        _now.TypedValue = now.UtcDateTime;
        foreach (var save in saves)
        {
            var request = save.Request;
            _keys.Add(save.Id.Key);
            _epochs.Add(request.Token.Epoch);
            _claims.Add(request.Token.ClaimId);
            _revisions.Add(request.Revision);
            _states.Add(request.State);
            _calls.Add(request.RecentCalls);
        }
    }

    /// <summary>The states need not stay in memory until the next group comes.</summary>
    public void Clear()
    {
        _keys.Clear();
        _epochs.Clear();
        _claims.Clear();
        _revisions.Clear();
        _states.Clear();
        _calls.Clear();
    }
}
