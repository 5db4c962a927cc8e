using AkkaDurable.Sql;
using AkkaDurable.Storage;

namespace AkkaDurable.Cluster.Tests;

public sealed class StaleOwnerOnSqliteTests : StaleOwnerTests, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akka-durable-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public Task A_stale_owner_is_never_acknowledged_stops_and_takes_nothing_from_the_other() => Check_a_stale_owner();

    [Fact]
    public Task Under_a_lease_a_stale_owner_answers_nothing_at_all() => Check_a_stale_owner_under_a_lease();

    [Fact]
    public Task A_server_that_went_from_A_to_B_and_back_has_all_changes() => Check_that_a_server_that_went_from_A_to_B_and_back_has_all_changes();

    private protected override IStateStore OpenStore() =>
        SqlStateStore.Create(new SqlStateStoreOptions { ConnectionString = $"Data Source={Path.Combine(_folder.FullName, "servers.db")}" });
}
