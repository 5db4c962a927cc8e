namespace AkkaDurable.Benchmarks.Contenders.OnOrleans;

/// <summary>The scripts that Orleans publishes for its ADO.NET storage, in a folder of whoever runs the benchmark: they are not part of this project.</summary>
internal sealed class OrleansScripts
{
    public const string PostgreSql = "PostgreSQL";
    public const string Sqlite = "Sqlite";

    private readonly string _folder;

    private OrleansScripts(string folder) => _folder = folder;

    /// <returns>Null when there is no such folder, or no scripts in it.</returns>
    public static OrleansScripts? In(string folder) =>
        Directory.Exists(folder) && new OrleansScripts(folder) is var scripts && (scripts.Of(PostgreSql) ?? scripts.Of(Sqlite)) is not null ? scripts : null;

    /// <summary>The texts of a database's two scripts, in the order in which they are to be run; anywhere in the folder, so that a copy of Orleans' repository will do. Null when one is missing.</summary>
    /// <param name="database">What their names begin with.</param>
    public string[]? Of(string database)
    {
        string?[] files = [Find($"{database}-Main.sql"), Find($"{database}-Persistence.sql")];
        return files.Contains(null) ? null : [.. files.Select(file => File.ReadAllText(file!))];
    }

    private string? Find(string name) =>
        Directory.EnumerateFiles(_folder, name, new EnumerationOptions { RecurseSubdirectories = true, MatchCasing = MatchCasing.CaseInsensitive }).Order(StringComparer.Ordinal).FirstOrDefault();
}
