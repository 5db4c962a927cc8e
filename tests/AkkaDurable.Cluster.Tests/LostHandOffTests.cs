using System.Reflection;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using AkkaDurable.Internal.Couriers;
using AkkaDurable.Placement;
using AkkaDurable.Storage;

namespace AkkaDurable.Cluster.Tests;

/// <summary>What Akka's worker is told that moves a shard away from a node which is lost.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "IAsyncLifetime disposes of it.")]
public sealed class LostHandOffTests : IAsyncLifetime
{
    private const string Shard = "eu/7";
    private const string Lost = "akka.tcp://test@127.0.0.1:1";

    private readonly InMemoryStateStore _store = new();
    private TestNode _node = null!;

    public async Task InitializeAsync()
    {
        _node = await TestNode.StartAsync(_store);

        // Which brings its serializer.
        ClusterSharding.Get(_node.System);
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task The_worker_is_told_that_the_shard_of_a_lost_node_has_stopped()
    {
        var told = await ToldAsync(Lost);
        Assert.Equal("ShardStopped", told.GetType().Name);
        Assert.Equal(_node.System.Serialization.Serialize(HandOff()), _node.System.Serialization.Serialize(told)); // the shard
    }

    [Fact]
    public async Task Nobody_but_the_owner_says_so_of_a_node_that_is_a_member() => Assert.Equal(Worker.Last, await ToldAsync(_node.Address.ToString()));

    [Fact]
    public async Task Nobody_says_so_of_a_shard_without_a_known_owner() => Assert.Equal(Worker.Last, await ToldAsync(null));

    [Fact]
    public async Task It_is_known_by_its_type_and_by_who_sent_it()
    {
        var handOff = HandOff();
        Assert.True(LostHandOff.IsOne(new DeadLetter(handOff, _node.System.DeadLetters, ActorRefs.Nobody)));
        Assert.False(LostHandOff.IsOne(new DeadLetter(GetShardRegionState.Instance, _node.System.DeadLetters, ActorRefs.Nobody)));
        await LostHandOff.AnswerAsync(new DeadLetter(handOff, _node.System.DeadLetters, ActorRefs.Nobody), _node.System, Placements.Where((_, _) => throw new InvalidOperationException("Not to be asked.")));
    }

    private async Task<object> ToldAsync(string? owner)
    {
        var told = new TaskCompletionSource<object>(TaskCreationOptions.RunContinuationsAsynchronously);
        var sharding = _node.System.ActorOf(Props.Create(() => new Worker(told, "tallyCoordinator")), "sharding");
        var worker = await sharding.Ask<IActorRef>(Worker.Find, TimeSpan.FromSeconds(20));
        var decision = owner is null ? null : new PlacementDecision(Shard, PlacementOutcome.Place, PlacementReason.Running, "runs") { Node = owner };
        await LostHandOff.AnswerAsync(
            new DeadLetter(HandOff(), worker, ActorRefs.Nobody), _node.System, Placements.Where((type, shard) => (type, shard) == ("tally", Shard) ? decision : throw new InvalidOperationException($"{type}, {shard}")));
        worker.Tell(Worker.Last);
        return await told.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    // The type is Akka's own.
    private static object HandOff()
    {
        var type = typeof(ClusterSharding).Assembly.GetType("Akka.Cluster.Sharding.ShardCoordinator+HandOff", throwOnError: true)!;
        return Activator.CreateInstance(type, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, null, [Shard], null)!;
    }

    /// <summary>Stands where Akka's worker does, as its path says, and passes on the first thing it is told.</summary>
    private sealed class Worker : UntypedActor
    {
        public const string Find = "find";
        public const string Last = "last";

        private readonly TaskCompletionSource<object> _told;
        private readonly IActorRef? _child;

        public Worker(TaskCompletionSource<object> told, string? childName)
        {
            _told = told;
            _child = childName is null ? null : Context.ActorOf(Props.Create(() => new Worker(told, null)), childName);
        }

        protected override void OnReceive(object message)
        {
            if (Find.Equals(message))
            {
                Sender.Tell(_child);
            }
            else
            {
                _told.TrySetResult(message);
            }
        }
    }

    /// <summary>A placement that explains, and can do nothing else.</summary>
    public class Placements : DispatchProxy
    {
        private Func<string, string, PlacementDecision?> _explain = (_, _) => null;

        internal static IPlacementControl Where(Func<string, string, PlacementDecision?> explain)
        {
            var placement = Create<IPlacementControl, Placements>();
            ((Placements)(object)placement)._explain = explain;
            return placement;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name == nameof(IPlacementControl.ExplainAsync)
            ? Task.FromResult(_explain((string)args![0]!, (string)args[1]!))
            : throw new NotSupportedException(targetMethod.Name);
    }
}
