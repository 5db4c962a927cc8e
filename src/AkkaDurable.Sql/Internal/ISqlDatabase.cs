using System.Data.Common;
using AkkaDurable.Sql.Internal.Leasing;
using AkkaDurable.Sql.Internal.Writing;
using AkkaDurable.Storage;

namespace AkkaDurable.Sql.Internal;

/// <summary>What differs between the kinds of databases.</summary>
internal interface ISqlDatabase : IAsyncDisposable
{
    /// <summary>For people: kind and place of the database, without secrets.</summary>
    string Name { get; }

    /// <summary>How many executors may write at the same time.</summary>
    int Writers { get; }

    Task PrepareAsync(CancellationToken cancellationToken);

    Task<int> RegisterTypeAsync(string serverType, int shardCount, CancellationToken cancellationToken);

    /// <summary>Runs a query on a connection of its own. Failures of the driver come out as <see cref="StoreUnavailableException"/>.</summary>
    Task<T> QueryAsync<T>(Func<DbConnection, CancellationToken, Task<T>> query, CancellationToken cancellationToken);

    /// <summary>Runs something that writes, rarely and not for servers, on a connection of its own. It may be run again after others were in its way. Failures of the driver come out as <see cref="StoreUnavailableException"/>.</summary>
    Task WriteAsync(string failure, Func<DbConnection, CancellationToken, Task> work, CancellationToken cancellationToken);

    /// <summary>What comes after the name of a table that is to be read from end to end.</summary>
    string WithoutIndex { get; }

    /// <summary>The key, said so that no index is used for its order.</summary>
    string KeyWithoutIndex { get; }

    DateTimeOffset ReadTime(DbDataReader reader, int column);

    IGroupExecutor CreateExecutor();

    /// <summary>Opens the table of leases, once.</summary>
    /// <param name="writer">The writer of the same store, for databases that let only one write at a time.</param>
    INodeLeaseStore CreateLeases(GroupWriter writer);

    /// <summary>Opens the table of Akka's leases.</summary>
    ILeaseTable CreateLeaseTable();
}
