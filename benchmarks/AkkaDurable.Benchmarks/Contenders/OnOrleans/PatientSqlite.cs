using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace AkkaDurable.Benchmarks.Contenders.OnOrleans;

/// <summary>
/// Connections that wait for the file's write lock as SQLite itself does, a little longer each time. The driver's own way is to try again every 150 ms.
/// </summary>
internal sealed class PatientSqlite(string connectionString) : DbDataSource
{
    public override string ConnectionString => connectionString;

    protected override DbConnection CreateDbConnection() => new Connection(connectionString);

    private sealed class Connection(string connectionString) : SqliteConnection(connectionString)
    {
        public override void Open()
        {
            base.Open();
            using var command = CreateCommand();
            command.CommandText = "PRAGMA busy_timeout = 10000";
            command.ExecuteNonQuery();
        }
    }
}
