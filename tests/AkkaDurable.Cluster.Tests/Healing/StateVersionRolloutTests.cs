using System.Text.Json;
using AkkaDurable.Storage;

namespace AkkaDurable.Cluster.Tests.Healing;

/// <summary>Old and new nodes side by side: a record that new code has saved is read by new code only.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "IAsyncLifetime disposes of it.")]
public sealed class StateVersionRolloutTests : IAsyncLifetime
{
    private readonly InMemoryStateStore _store = new();
    private TestNode _old = null!;
    private TestNode? _new;

    public async Task InitializeAsync()
    {
        _old = await TestNode.StartAsync(_store, hocon: "akka.cluster.app-version = \"1.0.0\"\nakka.cluster.sharding.rebalance-interval = 500ms");
        await _old.Servers.RegisterAsync<Tally>("tally", Options());
    }

    public async Task DisposeAsync()
    {
        if (_new is { } node)
        {
            await node.DisposeAsync();
        }

        await _old.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Without_a_new_node_callers_are_told_of_the_version_and_the_record_is_left_as_it_is()
    {
        var record = await PutNewAsync("k");

        var error = await Assert.ThrowsAsync<StateVersionException>(async () => await Old["k"].CallAsync(new GetCount()));

        Assert.Equal((2, 1), (error.StoredVersion, error.CodeVersion));
        Assert.Equal(CallOutcome.NotApplied, error.Outcome);
        Assert.Equal(record, await _store.ReadAsync(record.Id));
    }

    [Fact]
    public async Task With_a_new_node_the_shard_goes_there_and_calls_are_answered()
    {
        // The shard is the old node's, and stays there though a newer one has come.
        Assert.Equal(1, await Old["other"].CallAsync(new Increment()));
        await StartNewAsync("2.0.0");
        await PutNewAsync("k");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Old["k"].CallAsync(new Increment()).AsTask()));

        Assert.Equal(Enumerable.Range(8, 20), answers.Order());
        Assert.Equal(_new!.Address.ToString(), (await Old["k"].InfoAsync())!.Node);

        // The one that old code saved came along, and can no more be read by old code once it is saved.
        Assert.Equal(2, await Old["other"].CallAsync(new Increment()));
        Assert.Equal(2, (await _store.ReadAsync(new("tally", "other")))!.StateVersion);
    }

    [Fact]
    public async Task A_node_of_the_same_version_is_none_to_go_to()
    {
        Assert.Equal(1, await Old["other"].CallAsync(new Increment()));
        await StartNewAsync("1.0.0");
        await PutNewAsync("k");

        await Assert.ThrowsAsync<StateVersionException>(async () => await Old["k"].CallAsync(new GetCount()));
    }

    private IDurableServers<Tally> Old => _old.Servers.For<Tally>();

    private static DurableServerOptions Options() => new() { ShardCount = 1, CallTimeout = TimeSpan.FromSeconds(20) };

    private async Task StartNewAsync(string version)
    {
        _new = await TestNode.StartAsync(_store, _old, hocon: $"akka.cluster.app-version = \"{version}\"\nakka.cluster.sharding.rebalance-interval = 500ms");
        await _new.Servers.RegisterAsync<NewTally>("tally", Options());

        // The old node knows of it and of its version.
        await Eventually.TrueAsync(() => Task.FromResult(Placement.PlacementControl.Get(_old.System).Nodes.Any(node => node.Node == _new.Address.ToString() && node.Status == "Up")), "both nodes are up");
        await _new.UntilItTakesShardsAsync("tally");
    }

    private async Task<StoredServer> PutNewAsync(string key)
    {
        var claim = await _store.ClaimAsync(new ClaimRequest(new("tally", key), 1, "elsewhere", true, 2));
        await _store.SaveAsync(new SaveRequest(claim.Record.Id, claim.Record.Token, 0, ServerStatus.StoppedGraceful, 2, """{"Count":7,"Note":"new"}"""u8.ToArray()));
        return (await _store.ReadAsync(claim.Record.Id))!;
    }

    public sealed record NewTallyState(int Count, string Note);

    public sealed class NewTally : DurableServer<NewTallyState>
    {
        protected override NewTallyState InitialState => new(0, "");

        protected override int StateVersion => 2;

        protected override NewTallyState LoadState(int version, JsonElement json) => new(json.GetProperty("Count").GetInt32(), "migrated");

        protected override ValueTask<CallResult> HandleCall(object request, From from, NewTallyState state) => request switch
        {
            Increment inc => Reply(state.Count + inc.By, state with { Count = state.Count + inc.By }),
            GetCount => Reply(state.Count, state),
            _ => Unhandled(request),
        };
    }
}
