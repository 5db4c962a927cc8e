using System.Data.Common;
using System.Globalization;
using System.Text;
using AkkaDurable.Storage;

namespace AkkaDurable.Sql.Internal.Reading;

/// <summary>The condition of a query over the records of one type, with its parameters; one text serves every kind of database.</summary>
internal sealed class RecordConditions
{
    // Its index leaves out those without a region.
    private const string Region = "region = @region AND region <> ''";

    private readonly DbCommand _command;
    private readonly TableNames _tables;
    private readonly StringBuilder _text = new("WHERE server_type = @type");

    public RecordConditions(DbCommand command, TableNames tables, string serverType)
    {
        (_command, _tables) = (command, tables);
        Add(command, "@type", serverType);
    }

    public RecordConditions StartsWith(string? prefix)
    {
        if (!string.IsNullOrEmpty(prefix))
        {
            And("server_key >= @from", "@from", prefix);
            if (KeyRange.After(prefix) is { } to)
            {
                And("server_key < @to", "@to", to);
            }
        }

        return this;
    }

    public RecordConditions After(string? key) => key is null ? this : And("server_key > @after", "@after", key);

    public RecordConditions IsPermanent(bool permanent)
    {
        _text.Append(permanent ? " AND is_permanent" : " AND NOT is_permanent");
        return this;
    }

    /// <summary>Of what a query asks for one thing that an index holds together with the keys, if there is any.</summary>
    public RecordConditions InOneIndex(ServerQuery query) => query switch
    {
        { Status: > ServerStatus.StoppedGraceful and var status } => And("rare_status = @status", "@status", (short)status),
        { IsPermanent: true } => IsPermanent(true),
        { Region: { Length: > 0 } region } => And(Region, "@region", region),
        _ => this,
    };

    /// <summary>All that a query asks for but the keys.</summary>
    public RecordConditions Matches(ServerQuery query)
    {
        if (query.Status is { } status)
        {
            // Of the two, one has an index and holds rare statuses only.
            And(status > ServerStatus.StoppedGraceful ? "rare_status = @status" : "status = @status", "@status", (short)status);
        }

        if (query.Region is { } region)
        {
            And(region.Length > 0 ? Region : "region = @region", "@region", region);
        }

        if (query.Owner is { } owner)
        {
            And("owner = @owner", "@owner", owner);
        }

        return query.IsPermanent is { } permanent ? IsPermanent(permanent) : this;
    }

    /// <summary>Those that run nowhere though nobody has stopped them for good.</summary>
    /// <param name="liveOwners">Who may run what is under no lease.</param>
    /// <param name="lostLeases">Leases that are none any more, though they exist.</param>
    public RecordConditions RunsNowhere(IEnumerable<string> liveOwners, IEnumerable<long> lostLeases)
    {
        _text.Append(CultureInfo.InvariantCulture, $" AND (status IN (1, 3) OR status = 0 AND lease_id <> 0 AND lease_id NOT IN (SELECT l.lease_id FROM {_tables.Leases} l");
        NotIn(" WHERE l.lease_id", "@lost", lostLeases);
        _text.Append(") OR status = 0 AND lease_id = 0");
        NotIn(" AND owner", "@live", liveOwners);
        _text.Append(')');
        return this;
    }

    public override string ToString() => _text.ToString();

    public static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }

    private void NotIn<T>(string condition, string name, IEnumerable<T> values)
        where T : notnull
    {
        var named = values.Distinct().Select((value, i) => (Name: string.Create(CultureInfo.InvariantCulture, $"{name}{i}"), Value: value)).ToList();
        if (named.Count > 0)
        {
            _text.Append(condition).Append(" NOT IN (").AppendJoin(", ", named.Select(one => one.Name)).Append(')');
            named.ForEach(one => Add(_command, one.Name, one.Value));
        }
    }

    private RecordConditions And(string condition, string name, object value)
    {
        _text.Append(" AND ").Append(condition);

        // What an index is asked for is asked for again with all the rest.
        if (!_command.Parameters.Contains(name))
        {
            Add(_command, name, value);
        }

        return this;
    }
}
