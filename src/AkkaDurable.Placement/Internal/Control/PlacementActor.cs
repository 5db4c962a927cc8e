using Akka.Actor;
using Akka.Cluster;
using AkkaDurable.Placement.Internal.Directing;

namespace AkkaDurable.Placement.Internal.Control;

/// <summary>Each node's end of the talk about placement: hears of members, measures this node, and tells the others.</summary>
internal sealed class PlacementActor : ReceiveActor, IWithTimers
{
    public const string Name = "akka-durable-placement";

    // Under the default frame of 128 kB, whatever the texts are.
    private const int MaxFacts = 200;

    private static readonly TimeSpan s_together = TimeSpan.FromMilliseconds(50);

    private readonly Cluster _cluster = Cluster.Get(Context.System);
    // Null until the other node's actor has answered: a node without one could not read our messages, and would say so in its log each time.
    private readonly Dictionary<Address, IActorRef?> _others = [];
    private readonly List<PlacementHold> _held = [];
    private readonly List<(string TypeName, string Shard)> _placed = [];
    private readonly PlacementBoard _board;
    private readonly Func<NodeReport> _measure;
    private readonly TimeSpan _every;

    public PlacementActor(PlacementBoard board, Func<NodeReport> measure, TimeSpan every, Func<Explain, PlacementDecision?> explain, Action<Explained> explained)
    {
        _board = board;
        _measure = measure;
        _every = every;

        Receive<ClusterEvent.MemberRemoved>(removed =>
        {
            _others.Remove(removed.Member.Address);
            _board.Remove(removed.Member.Address.ToString(), removed.Member.UniqueAddress.Uid, inOrder: removed.PreviousStatus == MemberStatus.Exiting);
        });
        Receive<ClusterEvent.IMemberEvent>(change => Set(change.Member));
        Receive<ClusterEvent.ReachabilityEvent>(change => Set(change.Member));
        Receive<Tick>(_ => OnTick());
        Receive<Send>(send => Tell(send.Message));
        Receive<Gossip>(_board.Hear);
        Receive<Holds>(_board.Holds.Hear);
        Receive<Flush>(_ => OnFlush());
        Receive<ActorIdentity>(identity =>
        {
            if (identity.Subject is { } other && identity.MessageId is Address address && _others.ContainsKey(address))
            {
                _others[address] = other;
                TellFacts(null, [other]);
            }
        });
        Receive<Explained>(explained);
        Receive<Explain>(question =>
        {
            if (explain(question) is { } decision)
            {
                Sender.Tell(new Explained(question.Id, decision));
            }
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.ReachabilityEvent));
        Timers.StartPeriodicTimer("tick", Tick.Instance, TimeSpan.Zero, _every);
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    private void Set(Member member)
    {
        if (member.Status == MemberStatus.Removed)
        {
            return;
        }

        if (!member.UniqueAddress.Equals(_cluster.SelfUniqueAddress) && _others.TryAdd(member.Address, null))
        {
            Look(member.Address);
        }

        var unreachable = _cluster.State.Unreachable.Contains(member);
        var status = unreachable ? NodeStatus.Unreachable
            : member.Status switch
            {
                MemberStatus.Up => NodeStatus.Up,
                MemberStatus.Leaving or MemberStatus.Exiting => NodeStatus.Leaving,
                MemberStatus.Down => NodeStatus.Unreachable,
                _ => NodeStatus.Joining,
            };
        _board.Set(new KnownNode(member.Address.ToString(), member.UniqueAddress.Uid, NodeLocation.FromRoles(member.Roles), member.AppVersion, member.Status.ToString(), status, member.Roles));
    }

    private static void Look(Address address) => Context.ActorSelection($"{address}/system/{Name}").Tell(new Identify(address));

    private void OnTick()
    {
        // A member that is out of reach may come back without an event for each status in between.
        foreach (var member in _cluster.State.Members)
        {
            Set(member);
        }

        _board.Tick();
        var report = _measure();
        _board.Hear(new Gossip(_cluster.SelfAddress.ToString(), _cluster.SelfUniqueAddress.Uid, report, []));
        foreach (var (address, other) in _others)
        {
            if (other is null)
            {
                Look(address);
            }
        }

        TellFacts(report, [.. _others.Values.OfType<IActorRef>()]);
    }

    // With each report all facts: a node that missed one has it a few seconds later.
    private void TellFacts(NodeReport? report, IReadOnlyCollection<IActorRef> to)
    {
        var facts = _board.Facts;
        for (var i = 0; i == 0 || i < facts.Count; i += MaxFacts)
        {
            var gossip = new Gossip(_cluster.SelfAddress.ToString(), _cluster.SelfUniqueAddress.Uid, i == 0 ? report : null, [.. facts.Skip(i).Take(MaxFacts)]);
            foreach (var other in to)
            {
                other.Tell(gossip);
            }
        }
    }

    private void Tell(IPlacementMessage message)
    {
        if (message is Holds holds)
        {
            // The loss of a region holds thousands at once; they travel together.
            _board.Holds.Hear(holds);
            _held.AddRange(holds.Held);
            _held.RemoveAll(hold => holds.Placed.Contains((hold.TypeName, hold.Shard)));
            _placed.AddRange(holds.Placed);
            if (!Timers.IsTimerActive(nameof(Flush)))
            {
                Timers.StartSingleTimer(nameof(Flush), Flush.Instance, s_together);
            }

            return;
        }

        if (message is Explain)
        {
            Self.Tell(message);
        }

        foreach (var other in _others.Values)
        {
            other?.Tell(message);
        }
    }

    private void OnFlush()
    {
        // Placed first: what is held again after that was said later.
        foreach (var message in _placed.Chunk(MaxFacts).Select(placed => new Holds([], placed)).Concat(_held.Chunk(MaxFacts).Select(held => new Holds(held, []))))
        {
            foreach (var other in _others.Values)
            {
                other?.Tell(message);
            }
        }

        _held.Clear();
        _placed.Clear();
    }

    /// <summary>Tells the other nodes something.</summary>
    internal sealed record Send(IPlacementMessage Message) : INoSerializationVerificationNeeded;

    private sealed class Flush : INoSerializationVerificationNeeded
    {
        public static readonly Flush Instance = new();
    }

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }
}
