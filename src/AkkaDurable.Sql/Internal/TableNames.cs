namespace AkkaDurable.Sql.Internal;

/// <summary>The names of our tables. They become part of SQL text, where no parameter can stand, so <see cref="OptionRules"/> lets only plain identifiers pass.</summary>
internal sealed class TableNames(string? schema, string prefix)
{
    public string? Schema { get; } = schema;

    /// <summary>One row a server.</summary>
    public TableName Servers { get; } = new(schema, prefix + "servers");

    /// <summary>One row a server type.</summary>
    public TableName Types { get; } = new(schema, prefix + "types");

    /// <summary>One row a node that is alive, or was not long ago.</summary>
    public TableName Leases { get; } = new(schema, prefix + "node_leases");

    /// <summary>One row a shard: where it was.</summary>
    public TableName Placements { get; } = new(schema, prefix + "placements");

    /// <summary>One row a lease of Akka.Coordination, such as the split-brain resolver's.</summary>
    public TableName SbrLeases { get; } = new(schema, prefix + "sbr_leases");

    /// <summary>One row: whose tables these are and of which version.</summary>
    public TableName Marker { get; } = new(schema, prefix + "schema");

    public IEnumerable<TableName> All => [Servers, Types, Leases, Placements, SbrLeases, Marker];
}
