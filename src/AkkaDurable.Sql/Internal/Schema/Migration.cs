namespace AkkaDurable.Sql.Internal.Schema;

/// <summary>One step of the schema: what to run to get to <paramref name="Version"/>, and which columns there are from then on.</summary>
/// <param name="Version">The version after the step; steps count up by one from 1.</param>
/// <param name="Statements">What to run, in order.</param>
/// <param name="Columns">The columns that the step adds, by the name of their table.</param>
internal sealed record Migration(int Version, IReadOnlyList<string> Statements, IReadOnlyDictionary<string, IReadOnlyList<string>> Columns);
