using Microsoft.Data.Sqlite;

namespace AkkaDurable.Sql.Tests.Databases;

/// <summary>A temporary folder with one database file, which does not exist at first.</summary>
internal sealed class SqliteFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akka-durable-sql-");

    public string File => Path.Combine(_folder.FullName, "servers.db");

    public SqlStateStoreOptions Options() => new() { ConnectionString = $"Data Source={File}" };

    /// <summary>Opens the file beside the store.</summary>
    public SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={File};Pooling=false;Default Timeout=1");
        connection.Open();
        return connection;
    }

    /// <summary>Runs a statement beside the store.</summary>
    public void Run(string text)
    {
        using var connection = Open();
        Run(connection, text);
    }

    public static void Run(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    /// <summary>Fails when somebody still has the file open, on systems that tell.</summary>
    public void Dispose() => _folder.Delete(recursive: true);
}
