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
    public RecordConditions RunsNowhere(IEnumerable<string> liveOwners)
    {
        _text.Append(CultureInfo.InvariantCulture, $" AND (status IN (1, 3) OR status = 0 AND lease_id <> 0 AND lease_id NOT IN (SELECT l.lease_id FROM {_tables.Leases} l) OR status = 0 AND lease_id = 0");
        var owners = liveOwners.Distinct(StringComparer.Ordinal).Select((owner, i) => (Name: string.Create(CultureInfo.InvariantCulture, $"@live{i}"), Owner: owner)).ToList();
        if (owners.Count > 0)
        {
            _text.Append(" AND owner NOT IN (").AppendJoin(", ", owners.Select(live => live.Name)).Append(')');
            owners.ForEach(live => Add(_command, live.Name, live.Owner));
        }

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
