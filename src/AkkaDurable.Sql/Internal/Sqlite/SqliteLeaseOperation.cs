using AkkaDurable.Sql.Internal.Writing;
using AkkaDurable.Storage;

namespace AkkaDurable.Sql.Internal.Sqlite;

/// <summary>A write to the table of leases. It travels with the groups of writes to records, as SQLite lets only one write at a time.</summary>
internal sealed class SqliteLeaseOperation(long lease, Func<SqliteLeaseStatements, bool> run, CancellationToken cancellationToken)
    : WriteOperation<bool>(new ServerId("(node lease)", lease.ToString(System.Globalization.CultureInfo.InvariantCulture)), cancellationToken)
{
    public void Run(SqliteLeaseStatements statements) => Decide(run(statements));
}
