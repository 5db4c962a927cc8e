using System.Collections.Immutable;
using Akka.Actor;
using AkkaDurable.Placement.Internal.Strategy;
using Microsoft.Extensions.Time.Testing;

namespace AkkaDurable.Placement.Tests.Strategy;

/// <summary>A placer with Akka's coordinator played by the test: who has which shard is what the test says.</summary>
internal sealed class PlacerFixture : IDisposable
{
    public const string A = "akka.tcp://t@a:1";
    public const string B = "akka.tcp://t@b:1";
    public const string C = "akka.tcp://t@c:1";

    private readonly Dictionary<string, FakeRegion> _refs = [];
    private ImmutableDictionary<IActorRef, IImmutableList<string>> _allocations = ImmutableDictionary<IActorRef, IImmutableList<string>>.Empty;

    public PlacerFixture(PlacementOptions options)
    {
        options.Time = Time;
        options.History ??= new InMemoryPlacementHistory();
        Options = options;
        Placer = New();
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public PlacementOptions Options { get; }

    public FakeBoard Board { get; } = new();

    public ShardPlacer Placer { get; private set; }

    public List<PlacementDecision> Notes { get; } = [];

    public List<string> Warnings { get; } = [];

    public void Node(string address, string region, string? machine = null, NodeReport? report = null, string version = "1.0")
    {
        Board.Set(address, new NodeLocation(region, Machine: machine), report: report, version: version);
        if (!_refs.ContainsKey(address))
        {
            _refs[address] = new FakeRegion(address);
            _allocations = _allocations.Add(_refs[address], ImmutableList<string>.Empty);
        }
    }

    /// <summary>It is up, and the coordinator knows nothing of it yet.</summary>
    public void Arrives(string address, string region, params string[] roles) => Board.Arrives(address, new NodeLocation(region), Time.GetUtcNow(), roles);

    public IActorRef Ref(string address) => _refs[address];

    public void Crash(string address, bool inOrder = false)
    {
        Board.Remove(address, inOrder);
        _allocations = _allocations.Remove(_refs[address]);
        _refs.Remove(address);
    }

    public Task<IActorRef> Ask(string shard, string? requester = null) => Placer.Allocate(requester is null ? ActorRefs.Nobody : _refs[requester], shard, _allocations);

    /// <summary>Asks, and if it has a place has Akka take it.</summary>
    public async Task<string> PlaceAsync(string shard, string? requester = null)
    {
        var region = await Ask(shard, requester).WaitAsync(TimeSpan.FromSeconds(10));
        Run(shard, region);
        return region.Path.Address.ToString();
    }

    public void Run(string shard, IActorRef region) => _allocations = _allocations.SetItem(region, _allocations[region].Add(shard));

    public void LetGo(string shard)
    {
        foreach (var (region, shards) in _allocations)
        {
            _allocations = _allocations.SetItem(region, shards.Remove(shard));
        }
    }

    public IImmutableSet<string> Tick(params string[] inProgress)
    {
        Time.Advance(TimeSpan.FromSeconds(10));
        return Placer.Rebalance(_allocations, inProgress.ToImmutableHashSet());
    }

    /// <summary>The coordinator fails over: another node's strategy begins, with the history and nothing else.</summary>
    public void FailOver()
    {
        Placer.Dispose();
        Placer = New();
    }

    public void Dispose() => Placer.Dispose();

    private ShardPlacer New()
    {
        var placer = new ShardPlacer("t", Options, Board, region => region.Path.Address.ToString(), Notes.Add, (text, _) => Warnings.Add(text));
        placer.Start();
        return placer;
    }
}
