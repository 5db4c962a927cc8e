namespace AkkaDurable.Sql.Internal;

/// <summary>A table; <see cref="ToString"/> renders it for SQL text, quoted, so that no identifier is taken for a keyword.</summary>
internal sealed record TableName(string? Schema, string Name)
{
    public override string ToString() => Schema is null ? $"\"{Name}\"" : $"\"{Schema}\".\"{Name}\"";

    /// <summary>The name of an index of it. It lies in the schema of its table.</summary>
    public string Index(string suffix) => $"\"{Name}_{suffix}\"";
}
