using System.Data.Common;
using System.Globalization;
using System.Text;
using AkkaDurable.Storage;

namespace AkkaDurable.Sql.Internal.Reading;

/// <summary>The condition of a query over the records of one type, with its parameters; one text serves every kind of database.</summary>
internal sealed class RecordConditions
{
    private readonly DbCommand _command;
    private readonly TableNames _tables;
    private readonly StringBuilder _text = new("WHERE server_type = @type");

    public RecordConditions(DbCommand command, TableNames tables, string serverType)
    {
        (_command, _tables) = (command, tables);
        Add(command, "@type", serverType);
    }

    public RecordConditions Matches(ServerQuery query)
    {
        if (!string.IsNullOrEmpty(query.KeyPrefix))
        {
            And("server_key >= @from", "@from", query.KeyPrefix);
            if (KeyRange.After(query.KeyPrefix) is { } to)
            {
                And("server_key < @to", "@to", to);
            }
        }

        if (query.Status is { } status)
        {
            // Of the two, one has an index and holds rare statuses only.
            And(status > ServerStatus.StoppedGraceful ? "rare_status = @status" : "status = @status", "@status", (short)status);
        }

        if (query.Region is { } region)
        {
            And(region.Length > 0 ? "region = @region AND region <> ''" : "region = @region", "@region", region);
        }

        if (query.Owner is { } owner)
        {
            And("owner = @owner", "@owner", owner);
        }

        if (query.IsPermanent is { } permanent)
        {
            _text.Append(permanent ? " AND is_permanent" : " AND NOT is_permanent");
        }

        return this;
    }

    /// <summary>Those that are to run always and run nowhere.</summary>
    /// <param name="liveOwners">Who may run what is under no lease.</param>
    public RecordConditions RunsNowhere(IEnumerable<string> liveOwners)
    {
        _text.Append(CultureInfo.InvariantCulture, $" AND is_permanent AND (status IN (1, 3) OR status = 0 AND lease_id <> 0 AND lease_id NOT IN (SELECT l.lease_id FROM {_tables.Leases} l) OR status = 0 AND lease_id = 0");
        var owners = liveOwners.Distinct(StringComparer.Ordinal).Select((owner, i) => (Name: string.Create(CultureInfo.InvariantCulture, $"@live{i}"), Owner: owner)).ToList();
        if (owners.Count > 0)
        {
            _text.Append(" AND owner NOT IN (").AppendJoin(", ", owners.Select(live => live.Name)).Append(')');
            owners.ForEach(live => Add(_command, live.Name, live.Owner));
        }

        _text.Append(')');
        return this;
    }

    public RecordConditions After(string? key)
    {
        if (key is not null)
        {
            And("server_key > @after", "@after", key);
        }

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

    private void And(string condition, string name, object value)
    {
        _text.Append(" AND ").Append(condition);
        Add(_command, name, value);
    }
}
