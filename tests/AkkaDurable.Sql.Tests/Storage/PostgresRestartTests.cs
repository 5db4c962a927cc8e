using System.Text;
using AkkaDurable.Storage;
using AkkaDurable.TestSupport.Postgres;

namespace AkkaDurable.Sql.Tests.Storage;

/// <summary>A server of its own, as these tests kill it.</summary>
[Collection(Databases.PostgresCollection.Name)]
public sealed class PostgresRestartTests
{
    private static readonly ServerId Id = new("counter", "a");

    [PostgresFact]
    public async Task A_killed_server_keeps_what_was_acknowledged_and_the_store_goes_on_when_it_is_back()
    {
        await using var cluster = await PostgresCluster.StartNewAsync();
        await using var store = SqlStateStore.Create(new SqlStateStoreOptions { ProviderName = SqlProviderNames.PostgreSql, ConnectionString = cluster.ConnectionString("postgres") });
        await store.PrepareAsync();
        var record = (await store.ClaimAsync(new ClaimRequest(Id, 1, "node", ExplicitStart: true, MaxStateVersion: 1))).Record;

        // Saves one after the other until one fails, because the server is killed between two of them.
        var acknowledged = 0;
        var enough = new TaskCompletionSource();
        var saving = Task.Run(async () =>
        {
            while (true)
            {
                Assert.Equal(SaveOutcome.Saved, await store.SaveAsync(new SaveRequest(Id, record.Token, acknowledged, ServerStatus.Running, 1, Encoding.UTF8.GetBytes($"{acknowledged + 1}"))));
                if (++acknowledged == 50)
                {
                    enough.SetResult();
                }
            }
        });
        await Task.WhenAny(enough.Task, saving);
        await cluster.KillAsync();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => saving);
        Assert.True(enough.Task.IsCompleted);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.PingAsync());
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.ReadAsync(Id).AsTask());

        // That connection is gone. From here on none can be opened, so nothing can have been written.
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.DeleteAsync(Id, default).AsTask());
        Assert.Equal(CallOutcome.NotApplied, refused.Outcome);

        await cluster.StartAsync();

        await store.PingAsync();
        var claim = await store.ClaimAsync(new ClaimRequest(Id, 2, "node", ExplicitStart: true, MaxStateVersion: 1));
        Assert.Equal(2, claim.Record.Token.Epoch);

        // The save that was on its way when the server died may have been written as well.
        Assert.InRange(claim.Record.Revision, acknowledged, acknowledged + 1);
        Assert.Equal($"{claim.Record.Revision}", Encoding.UTF8.GetString(claim.Record.State!.Value.Span));
    }

    [PostgresFact]
    public async Task A_server_that_was_restarted_while_nobody_asked_answers_the_first_query()
    {
        await using var cluster = await PostgresCluster.StartNewAsync();
        await using var store = SqlStateStore.Create(new SqlStateStoreOptions { ProviderName = SqlProviderNames.PostgreSql, ConnectionString = cluster.ConnectionString("postgres") });
        await store.PrepareAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.ListAsync(new ServerQuery("counter"))));

        await cluster.StopAsync();
        await cluster.StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.ListAsync(new ServerQuery("counter"))));
    }
}
